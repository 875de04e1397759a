package org.joblog.ingest.reading;

import static org.joblog.ingest.reading.Parameter.Kind.BIGINT;
import static org.joblog.ingest.reading.Parameter.Kind.INTEGER;
import static org.joblog.ingest.reading.Parameter.Kind.NUMBER;
import static org.joblog.ingest.reading.Parameter.Kind.TEXTS;
import static org.joblog.ingest.reading.Parameter.Kind.TIME;
import static org.joblog.ingest.reading.Parameter.text;
import static org.joblog.ingest.reading.Parameter.value;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What can be asked, by the functions of the public SQL interface (docs/sql-interface.md), whose
 * columns the answers have. Immutable.
 *
 * @param function its name
 * @param parameters those of its arguments that who asks may give
 */
public record Question(String function, List<Parameter> parameters) {

  /** Jobs that the visitor may see. */
  public static final Question JOBS =
      new Question(
          "jobs.job_list",
          List.of(
              value("newest", INTEGER),
              value("since", TIME),
              value("until", TIME),
              new Parameter("state", "states", TEXTS),
              text("search"),
              text("user")));

  /** The newest lines of a job. */
  public static final Question LOG =
      new Question(
          "jobs.log_lines",
          List.of(
              new Parameter("stream", "streams", TEXTS),
              value("newest", INTEGER),
              value("since", TIME),
              value("until", TIME),
              text("search"),
              text("step"),
              text("node"),
              value("task", INTEGER)));

  /** Lines of one stream by their numbers. */
  public static final Question LINES =
      new Question(
          "jobs.stream_lines",
          List.of(
              value("stream_key", BIGINT), value("first_line", BIGINT), value("lines", INTEGER)));

  /** What happened to a job. */
  public static final Question EVENTS =
      new Question("jobs.events", List.of(value("newest", INTEGER)));

  /** The newest records of a job. */
  public static final Question RECORDS =
      new Question(
          "jobs.metadata_records",
          List.of(
              value("newest", INTEGER),
              value("since", TIME),
              value("until", TIME),
              value("before", BIGINT)));

  /** What is known of a job's keys. */
  public static final Question KEYS = new Question("jobs.metadata_keys", List.of());

  /** The newest value of each key. */
  public static final Question LATEST =
      new Question("jobs.metadata_latest", List.of(value("newest", INTEGER)));

  /** The keys that can be an X axis. */
  public static final Question X = new Question("jobs.metadata_x_candidates", List.of());

  /** Numbers of a job by time. */
  public static final Question GRAPH_BY_TIME =
      new Question(
          "jobs.metadata_graph_by_time",
          List.of(
              new Parameter("key", "choice", TEXTS),
              value("since", TIME),
              value("until", TIME),
              value("smooth", INTEGER),
              value("clip", NUMBER)));

  /** Numbers of a job over another key. */
  public static final Question GRAPH_BY_X =
      new Question(
          "jobs.metadata_graph_by_x",
          List.of(
              text("x"),
              new Parameter("key", "choice", TEXTS),
              text("same_x"),
              value("smooth", INTEGER),
              value("clip", NUMBER)));

  /** One key of several jobs over one X. */
  public static final Question COMPARISON =
      new Question(
          "jobs.metadata_graph_compare",
          List.of(
              text("key"),
              text("x"),
              text("same_x"),
              value("smooth", INTEGER),
              value("clip", NUMBER)));

  Parameter parameter(String name) throws WrongArgument {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return parameter;
      }
    }
    throw new WrongArgument(
        name
            + ": unknown argument (expected: "
            + (parameters.isEmpty()
                ? "none"
                : parameters.stream().map(Parameter::name).collect(Collectors.joining(", ")))
            + ")");
  }
}

package org.joblog.ingest.viewing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.joblog.ingest.reading.JobReader;
import org.joblog.ingest.reading.Question;
import org.joblog.ingest.reading.ReadingUnavailable;
import org.joblog.ingest.reading.Visitor;
import org.joblog.ingest.reading.WrongArgument;
import org.joblog.ingest.viewing.Places.Place;
import org.joblog.ingest.viewing.Reply.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which request gets which answer (docs/viewing.md). Whether a visitor may see a job is asked here,
 * once, before anything is read of it. Safe for use by many threads.
 */
final class Routes {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  /** What is asked about a job, by the rest of the path. */
  private static final Map<String, Question> ABOUT_A_JOB =
      Map.of(
          "log", Question.LOG,
          "lines", Question.LINES,
          "events", Question.EVENTS,
          "records", Question.RECORDS,
          "keys", Question.KEYS,
          "latest", Question.LATEST,
          "x", Question.X,
          "graph/time", Question.GRAPH_BY_TIME,
          "graph/x", Question.GRAPH_BY_X);

  /** What has no arguments. */
  private static final Set<String> WHOLE = Set.of("", "streams", "metadata");

  private static final int MOST_COMPARED = 20;

  private final PageFiles files = new PageFiles();
  private final Login login;
  private final JobReader reader;
  private final Places places;

  Routes(Login login, JobReader reader, ViewingLimits limits) {
    this.login = login;
    this.reader = reader;
    places = new Places(limits);
  }

  /** Answers; what goes wrong is told to who asked, if the answer has not begun. */
  void serve(Request request, Reply reply) throws IOException {
    try {
      answer(request, reply);
    } catch (Refused e) {
      refuse(e.status(), e.reason(), reply);
    } catch (WrongArgument e) {
      refuse(HttpResponseStatus.BAD_REQUEST, e.reason(), reply);
    } catch (ReadingUnavailable e) {
      refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, e.reason(), reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse(HttpResponseStatus.SERVICE_UNAVAILABLE, "the server is stopping", reply);
    } catch (RuntimeException e) {
      LOG.error("{} failed", request, e);
      refuse(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the server failed, see its log", reply);
    }
  }

  private static void refuse(HttpResponseStatus status, String reason, Reply reply)
      throws IOException {
    if (reply.hasBegun()) {
      LOG.warn("an answer breaks off: {}", reason);
    } else if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      reply.json(status, JsonText.error(reason), new Header(HttpHeaderNames.ALLOW, reason));
    } else if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
      Header scheme = new Header(HttpHeaderNames.WWW_AUTHENTICATE, "Munge");
      reply.json(status, JsonText.error(reason), scheme);
    } else {
      reply.json(status, JsonText.error(reason));
    }
  }

  private void answer(Request request, Reply reply)
      throws Refused, WrongArgument, ReadingUnavailable, IOException, InterruptedException {
    List<String> path = request.path();
    switch (path.getFirst()) {
      case "" -> file("index.html", request, reply);
      case "page" -> file(path.getLast(), request, reply);
      case "v1" -> answerInterface(path.subList(1, path.size()), request, reply);
      default -> throw notFound();
    }
  }

  private void file(String name, Request request, Reply reply) throws Refused, IOException {
    expect(HttpMethod.GET, request);
    if (!files.answer(name, request.knownVersion(), reply)) {
      throw notFound();
    }
  }

  private void answerInterface(List<String> path, Request request, Reply reply)
      throws Refused, WrongArgument, ReadingUnavailable, IOException, InterruptedException {
    switch (String.join("/", path)) {
      case "session" -> session(request, reply);
      case "link" -> {
        expect(HttpMethod.POST, request);
        login.invite(request, reply);
      }
      case "enter" -> {
        expect(HttpMethod.POST, request);
        login.enter(request, reply);
      }
      default -> {
        expect(HttpMethod.GET, request);
        Visitor visitor = login.sessionOf(request).visitor();
        try (Place _ = places.take(visitor.account())) {
          read(visitor, path, request.arguments(), reply);
        }
        reply.end();
      }
    }
  }

  private void session(Request request, Reply reply)
      throws Refused, IOException, InterruptedException {
    switch (request.method().name()) {
      case "POST" -> login.begin(request, reply);
      case "GET" -> login.tell(request, reply);
      case "DELETE" -> login.end(request, reply);
      default -> throw notAllowed("GET, POST, DELETE");
    }
  }

  private void read(
      Visitor visitor, List<String> path, Map<String, List<String>> arguments, Reply reply)
      throws Refused, WrongArgument, ReadingUnavailable, IOException {
    if (path.equals(List.of("compare"))) {
      compare(visitor, arguments, reply);
    } else if (path.equals(List.of("jobs"))) {
      reader.jobs(visitor, arguments, reply);
    } else if (path.getFirst().equals("jobs") && path.size() > 1) {
      String what = String.join("/", path.subList(2, path.size()));
      long job = visible(visitor, path.get(1));
      if (WHOLE.contains(what)) {
        expectNone(arguments);
      }
      switch (what) {
        case "" -> reader.job(job, reply);
        case "streams" -> reader.streams(job, reply);
        case "metadata" -> reader.metadata(job, reply);
        default -> reader.about(job, questionOf(what), arguments, reply);
      }
    } else {
      throw notFound();
    }
  }

  private void compare(Visitor visitor, Map<String, List<String>> arguments, Reply reply)
      throws Refused, WrongArgument, ReadingUnavailable, IOException {
    Map<String, List<String>> others = new LinkedHashMap<>(arguments);
    List<String> named = Optional.ofNullable(others.remove("job")).orElse(List.of());
    if (named.isEmpty() || named.size() > MOST_COMPARED) {
      throw new Refused(
          HttpResponseStatus.BAD_REQUEST,
          "job: named %d times (expected: 1 to %d)".formatted(named.size(), MOST_COMPARED));
    }
    List<Long> jobs = new ArrayList<>();
    for (String name : named) {
      jobs.add(visible(visitor, name));
    }
    reader.compare(jobs, others, reply);
  }

  private long visible(Visitor visitor, String name)
      throws Refused, WrongArgument, ReadingUnavailable, IOException {
    return reader
        .visible(visitor, name)
        .orElseThrow(() ->
            new Refused(
                HttpResponseStatus.NOT_FOUND,
                "job " + name + ": not found (expected: a job of " + visitor.account() + ")"));
  }

  private static Question questionOf(String what) throws Refused {
    return Optional.ofNullable(ABOUT_A_JOB.get(what)).orElseThrow(Routes::notFound);
  }

  private static void expectNone(Map<String, List<String>> arguments) throws Refused {
    if (!arguments.isEmpty()) {
      throw new Refused(
          HttpResponseStatus.BAD_REQUEST,
          String.join(", ", arguments.keySet()) + ": unknown argument (expected: none)");
    }
  }

  private static void expect(HttpMethod method, Request request) throws Refused {
    if (!request.method().equals(method)) {
      throw notAllowed(method.name());
    }
  }

  private static Refused notAllowed(String expected) {
    return new Refused(HttpResponseStatus.METHOD_NOT_ALLOWED, expected);
  }

  private static Refused notFound() {
    return new Refused(
        HttpResponseStatus.NOT_FOUND, "path: not found (expected: one of docs/viewing.md)");
  }
}

package org.joblog.ingest.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.client.LinePrinter;
import org.joblog.ingest.client.LogFollower;
import org.joblog.ingest.client.Query;
import org.joblog.ingest.client.Row;
import org.joblog.ingest.client.ViewClient;
import org.joblog.ingest.client.ViewingFailed;
import org.joblog.ingest.client.WholeLog;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the log of a job. Confined to the main thread. */
@Command(
    name = "log",
    description = {
      "Prints what a job printed, as joblog keeps it.",
      "Its newest lines, in the order of their times; --all for all of them."
    },
    mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer> {

  private static final int MOST_LINES = 10_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ViewOptions view = new ViewOptions();

  @Parameters(paramLabel = "JOB", description = "4711, 4711_3, or cluster/4711.")
  private String job = "";

  @ArgGroup private @Nullable Streams streams;

  /** Which streams, if not stdout. */
  static final class Streams {

    @Option(names = "--stderr", description = "stderr instead of stdout.")
    private boolean stderr;

    @Option(names = "--both", description = "stdout and stderr.")
    private boolean both;

    List<String> names() {
      return both ? List.of("stdout", "stderr") : List.of(stderr ? "stderr" : "stdout");
    }
  }

  @Option(
      names = {"-n", "--newest"},
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many lines, at most 10000 (default: ${DEFAULT-VALUE}).")
  private int newest;

  @Option(
      names = "--all",
      description = "All lines, one stream after the other, each in the order it was printed.")
  private boolean all;

  @Option(
      names = {"-f", "--follow"},
      description = "Goes on while the job runs.")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "",
      description = "Only lines from then on: 10m, 2h, 1d ago, or 2026-01-31T12:00:00.")
  private String since = "";

  @Option(
      names = "--until",
      paramLabel = "TIME",
      defaultValue = "",
      description = "Only lines until then.")
  private String until = "";

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only lines that contain this.")
  private String search = "";

  @Option(names = "--times", description = "Begins each line with its time.")
  private boolean times;

  @Option(
      names = "--colour",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description = "Colours of the job: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private When colour = When.auto;

  @Option(names = "--json", description = "Prints a JSON object per line.")
  private boolean json;

  /** When colours are kept; named as they are written on a command line. */
  enum When {
    auto,
    always,
    never
  }

  @Override
  public Integer call() throws CommandFailed {
    if (newest < 0 || newest > MOST_LINES) {
      throw new CommandFailed(
          Joblog.WRONG_USE, "-n: " + newest + " (expected: 0 to " + MOST_LINES + ", or --all)");
    }
    if (all && (follow || !since.isEmpty() || !until.isEmpty() || !search.isEmpty())) {
      throw new CommandFailed(
          Joblog.WRONG_USE, "--all: with --follow, --since, --until or --search (expected: alone)");
    }
    if (follow && !until.isEmpty()) {
      throw new CommandFailed(Joblog.WRONG_USE, "--until: with --follow (expected: one of them)");
    }
    boolean terminal = Boolean.getBoolean("joblog.terminal");
    boolean coloured =
        colour == When.always
            || (colour == When.auto && terminal && System.getenv("NO_COLOR") == null);
    LinePrinter printer =
        new LinePrinter(
            spec.commandLine().getOut(), new LinePrinter.Style(json, times, coloured, terminal));
    return view.ask(client -> print(client, printer));
  }

  private void print(ViewClient client, LinePrinter printer)
      throws ViewingFailed, CommandFailed, InterruptedException, IOException {
    Row found = client.job(job);
    List<String> names = streams == null ? List.of("stdout") : streams.names();
    if (all) {
      new WholeLog(client, printer).print(found, names);
      return;
    }
    Instant now = Instant.now();
    Query query = new Query().with("stream", names).with("search", search);
    if (follow) {
      tellEnd(
          new LogFollower(client, printer, this::tell, System::nanoTime, LogCommand::sleep)
              .follow(found, query, Moment.of("--since", since, now), newest));
      return;
    }
    query
        .with("newest", String.valueOf(newest))
        .with("since", Moment.of("--since", since, now))
        .with("until", Moment.of("--until", until, now));
    client.readOf(
        found,
        "log",
        query,
        line -> {
          printer.print(line);
          return true;
        });
    printer.flush();
  }

  private void tellEnd(Row ended) {
    if (!ended.get("state").equals("running")) {
      String code = ended.get("exit_code");
      tell(
          "job "
              + ended.get("job")
              + " is "
              + ended.get("state")
              + (code.isEmpty() || code.startsWith("-") ? "" : ", exit code " + code));
    }
  }

  private void tell(String what) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("joblog: " + what);
    err.flush();
  }

  private static void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }
}

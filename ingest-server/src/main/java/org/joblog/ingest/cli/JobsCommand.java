package org.joblog.ingest.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import org.joblog.ingest.client.Query;
import org.joblog.ingest.client.Row;
import org.joblog.ingest.client.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists a person's jobs. Confined to the main thread. */
@Command(
    name = "jobs",
    description = "Lists your jobs that are logged, those that started last first.",
    mixinStandardHelpOptions = true)
final class JobsCommand implements Callable<Integer> {

  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ViewOptions view = new ViewOptions();

  @Option(
      names = {"-n", "--newest"},
      paramLabel = "N",
      defaultValue = "20",
      description = "How many, at most 1000 (default: ${DEFAULT-VALUE}).")
  private int newest;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description =
          "Only those that are running, completed, failed, killed, cancelled, timeout, requeued or"
              + " unknown.")
  private List<String> states = List.of();

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only those whose id or name contains this.")
  private String search = "";

  @Option(
      names = "--user",
      paramLabel = "ACCOUNT",
      defaultValue = "",
      description = "Only this account's; operators see all.")
  private String user = "";

  @Option(names = "--json", description = "Prints a JSON object per line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailed {
    Query query =
        new Query()
            .with("newest", String.valueOf(newest))
            .with("state", states)
            .with("search", search)
            .with("user", user);
    PrintWriter out = spec.commandLine().getOut();
    TextTable table =
        new TextTable("JOB", "NAME", "USER", "STATE", "STARTED", "ELAPSED", "LINES", "MODE");
    int code =
        view.ask(client ->
            client.readJobs(
                query,
                job -> {
                  if (json) {
                    out.println(job.json());
                  } else {
                    add(job, table, Instant.now());
                  }
                  return true;
                }));
    if (!json) {
      table.lines().forEach(out::println);
    }
    out.flush();
    return code;
  }

  private static void add(Row job, TextTable table, Instant now) {
    OffsetDateTime started = OffsetDateTime.parse(job.get("started_at"));
    String ended = job.get("ended_at");
    Instant until = ended.isEmpty() ? now : OffsetDateTime.parse(ended).toInstant();
    table.add(
        job.get("job"),
        job.get("name"),
        job.get("user"),
        job.get("state"),
        STARTED.format(started.atZoneSameInstant(ZoneId.systemDefault())),
        elapsed(Duration.between(started.toInstant(), until)),
        job.get("lines"),
        job.get("mode"));
  }

  /** As Slurm writes times: 1-02:03:04. */
  static String elapsed(Duration time) {
    Duration positive = time.isNegative() ? Duration.ZERO : time;
    String ofDay =
        "%02d:%02d:%02d"
            .formatted(positive.toHoursPart(), positive.toMinutesPart(), positive.toSecondsPart());
    return positive.toDays() == 0 ? ofDay : positive.toDays() + "-" + ofDay;
  }
}

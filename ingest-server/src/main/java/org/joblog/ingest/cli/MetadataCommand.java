package org.joblog.ingest.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.joblog.ingest.client.CsvWriter;
import org.joblog.ingest.client.Query;
import org.joblog.ingest.client.Row;
import org.joblog.ingest.client.TextTable;
import org.joblog.ingest.client.ViewClient;
import org.joblog.ingest.client.ViewingFailed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the metadata of a job. Confined to the main thread. */
@Command(
    name = "metadata",
    description = {
      "Prints the metadata of a job, newest first: a JSON object per line with time, sequence and record.",
      "To keep them: joblog metadata JOB --csv > job.csv"
    },
    mixinStandardHelpOptions = true)
final class MetadataCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ViewOptions view = new ViewOptions();

  @Parameters(paramLabel = "JOB", description = "4711, 4711_3, or cluster/4711.")
  private String job = "";

  @ArgGroup private @Nullable Shape shape;

  /** As what, if not as JSON. */
  static final class Shape {

    @Option(names = "--csv", description = "A table for spreadsheets: a column per key.")
    private boolean csv;

    @Option(names = "--latest", description = "The newest value of each key.")
    private boolean latest;

    @Option(names = "--keys", description = "What is known of each key.")
    private boolean keys;

    /** What is asked; empty for records. */
    String table() {
      return csv ? "" : keys ? "keys" : latest ? "latest" : "";
    }
  }

  @Option(
      names = {"-n", "--newest"},
      paramLabel = "N",
      defaultValue = "0",
      description = "Only so many records (default: all).")
  private long newest;

  @Override
  public Integer call() throws CommandFailed {
    PrintWriter out = spec.commandLine().getOut();
    int code = view.ask(client -> print(client, out));
    out.flush();
    return code;
  }

  private void print(ViewClient client, PrintWriter out)
      throws ViewingFailed, InterruptedException, IOException {
    Row found = client.job(job);
    if (shape == null) {
      records(
          client,
          found,
          row -> {
            out.print(row.json());
            out.print('\n');
          });
    } else if (shape.csv) {
      try (CsvWriter csv = new CsvWriter()) {
        records(client, found, csv::add);
        csv.print(out);
      }
    } else {
      table(client, found, shape.table(), out);
    }
  }

  private interface Records {
    void take(Row row) throws IOException;
  }

  private void records(ViewClient client, Row found, Records records)
      throws ViewingFailed, InterruptedException {
    AtomicLong count = new AtomicLong();
    client.readOf(
        found,
        "metadata",
        new Query(),
        row -> {
          records.take(row);
          return count.incrementAndGet() != newest && !spec.commandLine().getOut().checkError();
        });
  }

  private static void table(ViewClient client, Row found, String what, PrintWriter out)
      throws ViewingFailed, InterruptedException {
    boolean latest = what.equals("latest");
    String[] titles =
        latest
            ? new String[] {"KEY", "VALUE", "TIME"}
            : new String[] {"KEY", "LAST", "MIN", "MAX", "COUNT", "KIND"};
    String[] columns =
        latest
            ? new String[] {"key", "value", "time"}
            : new String[] {"key", "last_text", "min_value", "max_value", "count", "x_class_name"};
    TextTable table = new TextTable(titles);
    client.readOf(
        found,
        what,
        new Query(),
        row -> {
          String[] cells = new String[columns.length];
          for (int i = 0; i < cells.length; i++) {
            cells[i] = row.get(columns[i]);
          }
          table.add(cells);
          return true;
        });
    table.lines().forEach(out::println);
  }
}

package org.joblog.ingest.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Prints all lines of a job's streams, however many there are, page by page. Confined to one
 * thread.
 */
public final class WholeLog {

  private static final int LINES_OF_A_PAGE = 10_000;

  private final ViewClient client;
  private final LinePrinter printer;

  public WholeLog(ViewClient client, LinePrinter printer) {
    this.client = client;
    this.printer = printer;
  }

  /**
   * Prints one stream after the other.
   *
   * @param kinds {@code stdout}, {@code stderr}; a stream of both counts as stdout
   */
  public void print(Row job, List<String> kinds) throws ViewingFailed, InterruptedException {
    List<Row> streams = new ArrayList<>();
    client.readOf(job, "streams", new Query(), streams::add);
    for (Row stream : streams) {
      String kind = stream.get("stream").equals("combined") ? "stdout" : stream.get("stream");
      if (kinds.contains(kind) && !printStream(job, stream)) {
        return;
      }
    }
  }

  /** False if nobody reads any more. */
  private boolean printStream(Row job, Row stream) throws ViewingFailed, InterruptedException {
    boolean printed = false;
    // The oldest lines may be past their retention, and a running job goes on.
    for (long next = 0; printed || next < stream.number("lines"); next += LINES_OF_A_PAGE) {
      List<Row> page = new ArrayList<>();
      client.readOf(
          job,
          "lines",
          new Query()
              .with("stream_key", stream.get("stream_key"))
              .with("first_line", String.valueOf(next))
              .with("lines", String.valueOf(LINES_OF_A_PAGE)),
          page::add);
      page.forEach(printer::print);
      printed = !page.isEmpty();
      if (!printer.flush()) {
        return false;
      }
    }
    return true;
  }
}

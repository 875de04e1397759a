package org.joblog.ingest.client;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prints the lines of a job while they come, each once. The last line of a stream may still change,
 * as a progress bar does: it is printed when another one follows, when it has stood still for a
 * while, or at the end of the job. Confined to one thread.
 */
public final class LogFollower {

  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final Duration STANDS_STILL = Duration.ofSeconds(3);

  /** Clocks of nodes differ, and a node's lines may come late: so much is read again each time. */
  private static final Duration OVERLAP = Duration.ofSeconds(60);

  /** The most lines that the server gives at once. */
  private static final int MOST_LINES = 10_000;

  /** Lines whose repetition is known: more than one answer can bring again. */
  private static final int REMEMBERED = 4 * MOST_LINES;

  private final ViewClient client;
  private final LinePrinter printer;
  private final Consumer<String> tell;
  private final LongSupplier nanos;
  private final Sleeper sleeper;

  /** The lines that were printed, by id, with their text. */
  private final SequencedMap<String, String> printed = new LinkedHashMap<>();

  /** The last line of each stream, if it is not printed yet. */
  private final Map<String, Held> held = new LinkedHashMap<>();

  /** The line of each stream that was printed though none followed, by id. */
  private final Map<String, String> stoodStill = new HashMap<>();

  private final Map<String, Long> lastLines = new HashMap<>();
  private @Nullable OffsetDateTime newest;

  /** Lets time pass. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  private record Held(Row line, long since) {}

  /**
   * @param tell takes what is to be said beside the log
   * @param nanos the time, as {@link System#nanoTime}
   */
  public LogFollower(
      ViewClient client,
      LinePrinter printer,
      Consumer<String> tell,
      LongSupplier nanos,
      Sleeper sleeper) {
    this.client = client;
    this.printer = printer;
    this.tell = tell;
    this.nanos = nanos;
    this.sleeper = sleeper;
  }

  /**
   * Follows a job to its end.
   *
   * @param query which of its lines
   * @param since from when on; empty for all
   * @param first how many are printed at first
   * @return the job as it ended; as it was, if nobody reads what is printed
   */
  public Row follow(Row job, Query query, String since, int first)
      throws ViewingFailed, InterruptedException {
    Row now = job;
    String which = query.toString();
    String range = range(first, since);
    while (true) {
      boolean running = now.get("state").equals("running");
      take(read(now, which, range), running);
      if (!printer.flush() || !running) {
        return now;
      }
      sleeper.sleep(INTERVAL);
      now = again(now);
      if (newest != null) {
        range = range(MOST_LINES, newest.minus(OVERLAP).toString());
      }
    }
  }

  private static String range(int newest, String since) {
    return "newest=" + newest + (since.isEmpty() ? "" : "&since=" + Query.encoded(since));
  }

  /** The job as it is now; waits until the server answers. */
  private Row again(Row job) throws ViewingFailed, InterruptedException {
    return patiently(() -> client.job("key:" + job.get("job_key")));
  }

  private List<Row> read(Row job, String which, String range)
      throws ViewingFailed, InterruptedException {
    String query = which + (which.isEmpty() ? "?" : "&") + range;
    return patiently(() -> {
      List<Row> lines = new ArrayList<>();
      client.readOf(job, "log" + query, new Query(), lines::add);
      return lines;
    });
  }

  private interface Asking<T> {
    T ask() throws ViewingFailed, InterruptedException;
  }

  private <T> T patiently(Asking<T> asking) throws ViewingFailed, InterruptedException {
    Duration wait = INTERVAL;
    boolean told = false;
    while (true) {
      try {
        return asking.ask();
      } catch (ViewingFailed e) {
        if (!e.isPassing()) {
          throw e;
        }
        if (!told) {
          tell.accept(e.reason() + "; trying again");
          told = true;
        }
        sleeper.sleep(wait);
        wait =
            wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
      }
    }
  }

  private void take(List<Row> lines, boolean running) {
    Map<String, String> lastOfStream = new HashMap<>();
    lines.forEach(line -> lastOfStream.put(line.get("stream_key"), line.get("id")));
    for (Row line : lines) {
      String stream = line.get("stream_key");
      boolean last = line.get("id").equals(lastOfStream.get(stream));
      if (last && running) {
        hold(stream, line);
      } else {
        held.remove(stream);
        if (isNews(stream, line)) {
          sayWhatIsMissing(line, lines.size());
          print(line);
        }
      }
      remember(line);
    }
    printWhatStandsStill();
    held.values().stream().reduce((_, newer) -> newer).ifPresent(bar -> printer.draw(bar.line));
  }

  /** Not printed yet, or printed when it stood still, and it went on. */
  private boolean isNews(String stream, Row line) {
    String id = line.get("id");
    String before = printed.get(id);
    return before == null
        || (id.equals(stoodStill.get(stream)) && !before.equals(line.get("body")));
  }

  private void hold(String stream, Row line) {
    Held before = held.get(stream);
    boolean same = before != null && sameText(before.line, line);
    if (!same && !line.get("body").equals(printed.get(line.get("id")))) {
      held.remove(stream);
      held.put(stream, new Held(line, nanos.getAsLong()));
    }
  }

  private static boolean sameText(Row before, Row line) {
    return before.get("id").equals(line.get("id")) && before.get("body").equals(line.get("body"));
  }

  private void printWhatStandsStill() {
    long now = nanos.getAsLong();
    List<Row> still =
        held.values().stream()
            .filter(line -> now - line.since >= STANDS_STILL.toNanos())
            .map(Held::line)
            .toList();
    still.forEach(line -> {
      print(line);
      stoodStill.put(line.get("stream_key"), line.get("id"));
    });
    held.values().removeIf(line -> now - line.since >= STANDS_STILL.toNanos());
  }

  private void print(Row line) {
    printer.print(line);
    printed.put(line.get("id"), line.get("body"));
    if (printed.size() > REMEMBERED) {
      printed.pollFirstEntry();
    }
  }

  /** More lines than an answer has came since the last one: the oldest of them are not in it. */
  private void sayWhatIsMissing(Row line, int lines) {
    Long before = lastLines.get(line.get("stream_key"));
    if (before != null && lines >= MOST_LINES && line.number("line") > before + 1) {
      long missing = line.number("line") - before - 1;
      tell.accept(missing + " lines are left out: the job prints faster than is shown here");
    }
  }

  private void remember(Row line) {
    if (!line.get("kind").equals("event")) {
      lastLines.merge(line.get("stream_key"), line.number("line"), Math::max);
    }
    OffsetDateTime time = OffsetDateTime.parse(line.get("time"));
    if (newest == null || time.isAfter(newest)) {
      newest = time;
    }
  }
}

package org.joblog.ingest.lane;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.schema.options.Mode;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;

/**
 * What happened to a job since the last batch, in words for its user. The words never quote what
 * the job printed. Confined to its lane's thread.
 */
final class JobNews {

  private static final String NO_DETAILS = "{}";

  /**
   * How often a job may cause one more message about a command once it has used up those at once. A
   * program that prints nothing but commands prints 40,000 a second, for days; whoever looks at its
   * log reads all of its messages.
   */
  private static final long NANOS_PER_MESSAGE = Duration.ofSeconds(10).toNanos();

  private final int limit;
  private final Clock clock;
  private List<Event> events = new ArrayList<>();

  /** How many messages about commands may be added now, and up to when that is counted. */
  private long allowed;

  private long countedNanos;

  /** Messages about commands that were left out. */
  private long leftOut;

  private long leftOutAtMicros;

  /**
   * Nothing happened yet.
   *
   * @param limit messages about commands at once, above which they are only counted
   */
  JobNews(int limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
    allowed = limit;
    countedNanos = clock.nanos();
  }

  /** Something happened. */
  void add(Event event) {
    if (isAboutCommands(event) && !isAllowed()) {
      leftOut++;
      leftOutAtMicros = event.atMicros();
    } else {
      events.add(event);
    }
  }

  private static boolean isAboutCommands(Event event) {
    return event.kind() == EventKind.COMMAND || event.kind() == EventKind.COMMAND_ERROR;
  }

  private boolean isAllowed() {
    long earned = (clock.nanos() - countedNanos) / NANOS_PER_MESSAGE;
    countedNanos += earned * NANOS_PER_MESSAGE;
    allowed = Math.min(limit, allowed + earned);
    if (allowed == 0) {
      return false;
    }
    allowed--;
    return true;
  }

  /**
   * Everything since the last call.
   *
   * @param isLast whether the job is over, so that this is the moment to say what was left out
   */
  List<Event> take(boolean isLast) {
    if (leftOut > 0 && (isLast || isAllowed())) {
      String message =
          leftOut + " more messages about commands were left out, because there are so many.";
      events.add(new Event(leftOutAtMicros, 0, 0, EventKind.COMMAND_ERROR, message, NO_DETAILS));
      leftOut = 0;
    }
    List<Event> taken = events;
    events = new ArrayList<>();
    return taken;
  }

  /** What is not as everybody expects it: a mode that hides, and what was wrong with the file. */
  void options(long atMicros, Mode mode, List<String> notices) {
    if (mode != Mode.ENABLED) {
      String details = "{\"mode\": \"" + mode.word() + "\"}";
      String begin = "Logging began in mode " + mode.word() + ".";
      add(new Event(atMicros, 0, 0, EventKind.OPTIONS, begin, details));
    }
    for (String notice : notices) {
      add(new Event(atMicros, 0, 0, EventKind.OPTIONS, notice, NO_DETAILS));
    }
  }

  /** A valid command was obeyed. */
  void obeyed(Route route, Mode from, Mode to, List<String> notices) {
    String message =
        from == to
            ? "A command left the mode as it is: " + to.word() + "."
            : "A command changed the mode from " + from.word() + " to " + to.word() + ".";
    String details = "{\"old\": \"" + from.word() + "\", \"new\": \"" + to.word() + "\"}";
    addAt(route, EventKind.COMMAND, message, details);
    notices.forEach(notice -> addAt(route, EventKind.COMMAND_ERROR, notice, NO_DETAILS));
  }

  /** A line begins like a command and is none. */
  void misunderstood(Route route, String reason) {
    String message =
        "A line begins with /LOGCOMMAND and is not a valid command: "
            + reason
            + ". The job is in mode disabled until a valid command arrives.";
    addAt(route, EventKind.COMMAND_ERROR, message, NO_DETAILS);
  }

  /** A cap on metadata was passed. */
  void metadataCap(Route route, String notice) {
    addAt(route, EventKind.METADATA_CAP, notice, NO_DETAILS);
  }

  /**
   * Bytes of a stream are lost.
   *
   * @param from offset of the first
   * @param bytes how many
   * @param hides whether the job is hidden from here on, because a command may be among them
   */
  void gap(Route route, long from, long bytes, GapReason reason, boolean hides) {
    String message =
        String.format(
            Locale.ROOT,
            "%,d bytes of %s are missing from here: %s.%s",
            bytes,
            route.kind().name().toLowerCase(Locale.ROOT),
            words(reason),
            hides
                ? " A command may be among them, so the job is in mode disabled until a valid"
                    + " command arrives."
                : "");
    String details =
        String.format(
            Locale.ROOT,
            "{\"from\": %d, \"bytes\": %d, \"reason\": \"%s\"}",
            from,
            bytes,
            reason.name().toLowerCase(Locale.ROOT));
    addAt(route, EventKind.GAP, message, details);
  }

  /** Something happened to a stream on the node. */
  void noticed(Route route, NoticeCode code, long detail) {
    switch (code) {
      case DESTINATION_FAILED -> {
        String stream = route.kind().name().toLowerCase(Locale.ROOT);
        String message =
            "Output of "
                + stream
                + " could not be written to the job's own file ("
                + errno(detail)
                + "). The log here goes on; the file is incomplete from about this line on.";
        addAt(route, EventKind.DESTINATION, message, "{\"errno\": " + detail + "}");
      }
    }
  }

  /** The reasons that people meet, as Linux numbers them. */
  private static String errno(long number) {
    return switch ((int) number) {
      case 5 -> "input/output error";
      case 27 -> "file too large";
      case 28 -> "no space left on the device";
      case 32 -> "nobody reads it any more";
      case 116 -> "stale file handle";
      case 122 -> "disk quota exceeded";
      default -> "error " + number;
    };
  }

  private static String words(GapReason reason) {
    return switch (reason) {
      case SERVER_AWAY -> "the server was away longer than the node could keep them";
      case HELD_BACK_TOO_LONG -> "the job had been held back for as long as it may be";
      case RELAY_FAILED -> "a part of the logging on the node failed";
      case SPOOL_DAMAGED -> "what the node had kept on disk is damaged";
    };
  }

  private void addAt(Route route, EventKind kind, String message, String details) {
    add(new Event(route.atMicros(), route.streamKey(), route.nextLine(), kind, message, details));
  }
}

package org.joblog.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.joblog.ingest.batch.BatchLimits;
import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a mode hides never reaches the store, and what it shows does: for random interleavings of
 * text, half lines, commands on both streams, commits, crashes and replays.
 */
class PrivacyPropertyTest {

  private static final int SEEDS = Integer.getInteger("joblog.privacy.seeds", 400);

  /** Fewer, for each takes a second: a database of its own, searched whole again and again. */
  private static final int POSTGRES_SEEDS = Integer.getInteger("joblog.privacy.postgres.seeds", 24);

  private static final List<StreamIdentity> STREAMS = List.of(LaneRig.OUT, LaneRig.ERR);

  /** A batch is handed over while another is being committed, however small it is. */
  private static final LaneLimits TWO_ON_THEIR_WAY =
      new LaneLimits(
          LaneLimits.DEFAULT.throughput(),
          LaneLimits.DEFAULT.screenInterval(),
          LaneLimits.DEFAULT.idleJob(),
          LaneLimits.DEFAULT.streamsPerSession(),
          LaneLimits.DEFAULT.noticesPerJob(),
          LaneLimits.DEFAULT.messagesPerTurn(),
          1,
          BatchLimits.DEFAULT);

  @TestFactory
  Stream<DynamicTest> hidesAndShowsEveryByteAsItsModeSays() {
    return histories(SEEDS, MemoryShelf::new);
  }

  @TestFactory
  Stream<DynamicTest> noColumnOfAnyTableHoldsWhatAModeHides() {
    return histories(POSTGRES_SEEDS, PostgresShelf::new);
  }

  private static Stream<DynamicTest> histories(int seeds, Callable<Shelf> shelves) {
    return IntStream.range(0, seeds)
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                "seed " + seed,
                () -> {
                  try (Shelf shelf = shelves.call()) {
                    new Run(seed, shelf).run();
                  }
                }));
  }

  /** A word that a job printed: where it ends in the order of all bytes, and what hides it. */
  private record Word(String text, Mode mode) {}

  /** One random history. */
  private static final class Run {

    private final Random random;
    private final boolean edits;
    private final Shelf shelf;
    private final LaneLimits limits;
    private final List<Word> words = new ArrayList<>();

    /** Everything printed, in the order of printing: which stream, and which bytes. */
    private final List<Printed> printed = new ArrayList<>();

    private final long[] lengths = new long[2];
    private final boolean[] inLine = new boolean[2];
    private Mode mode = Mode.ENABLED;
    private LaneRig<Store> rig;
    private LaneRig<Store>.Connection connection;
    private int number;

    private record Printed(int stream, long offset, byte[] bytes) {}

    Run(int seed, Shelf shelf) {
      this.shelf = shelf;
      limits = seed % 2 == 0 ? LaneLimits.DEFAULT : TWO_ON_THEIR_WAY;
      rig = new LaneRig<>(shelf.store(), limits);
      random = new Random(seed);
      edits = seed % 4 == 3;
    }

    void run() {
      connect();
      for (int step = 0; step < 80; step++) {
        step();
      }
      for (int stream = 0; stream < 2; stream++) {
        connection.end(stream, lengths[stream]);
      }
      rig.pass(2000);
      check(true);
    }

    private void step() {
      int stream = random.nextInt(2);
      switch (random.nextInt(13)) {
        case 0, 1, 2, 3 -> word(stream);
        case 4, 5 -> newline(stream);
        case 6, 7 -> command(stream);
        case 8 -> edit(stream);
        case 9 -> {
          rig.settle();
          check(false);
        }
        case 10 -> {
          rig.pass(1500);
          check(false);
        }
        case 11 -> returnLate(stream);
        default -> crash();
      }
    }

    /**
     * The server dies with everything committed; one stream comes back and shows the job again
     * before the other returns with a line that it had begun while it was hidden.
     */
    private void returnLate(int first) {
      rig.settle();
      rig = new LaneRig<>(shelf.store(), limits);
      connection = rig.connect("1", "").open(first, STREAMS.get(first));
      resend(first);
      if (inLine[first]) {
        newline(first);
      }
      print(first, "/LOGCOMMAND {\"mode\":\"enabled\"}\n");
      mode = Mode.ENABLED;
      rig.settle();
      connection.open(1 - first, STREAMS.get(1 - first));
      resend(1 - first);
    }

    private void resend(int stream) {
      printed.stream().filter(piece -> piece.stream == stream).forEach(this::resend);
    }

    private void resend(Printed piece) {
      long from = connection.peer.resumed.get(piece.stream);
      int skip = Math.clamp(from - piece.offset, 0, piece.bytes.length);
      if (skip < piece.bytes.length) {
        byte[] rest = Arrays.copyOfRange(piece.bytes, skip, piece.bytes.length);
        connection.send(piece.stream, piece.offset + skip, rest);
      }
    }

    private void word(int stream) {
      String text = "w" + number++ + (random.nextInt(6) == 0 ? "\u00e4\u4e2d" : "") + "x";
      words.add(new Word(text, mode));
      print(stream, text + " ");
      inLine[stream] = true;
    }

    private void newline(int stream) {
      print(stream, random.nextInt(5) == 0 ? "\r\n" : "\n");
      inLine[stream] = false;
    }

    private void command(int stream) {
      if (inLine[stream]) {
        newline(stream);
      }
      Mode next = Mode.values()[random.nextInt(3)];
      boolean typo = random.nextInt(8) == 0;
      print(stream, "/LOGCOMMAND {\"mode\":\"" + (typo ? "x" : next.word()) + "\"}\n");
      mode = typo ? Mode.DISABLED : next;
    }

    /** Cursor motion brings nothing hidden back; what it overwrites is not looked for. */
    private void edit(int stream) {
      if (edits) {
        String[] sequences = {
          "\r", "\u001b[A", "\u001b[2A", "\u001b[H", "\u001b[L", "\u001b[3;5r", "\u001b[?1049h",
          "\u001b[?1049l", "\u001b8", "\u001b7", "\u001bM", "\b\b\b", "\u001b[S", "\u001b[2J"
        };
        print(stream, sequences[random.nextInt(sequences.length)]);
        inLine[stream] = true;
      }
    }

    private void print(int stream, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(bytes.length));
        Printed piece = new Printed(stream, lengths[stream], Arrays.copyOfRange(bytes, from, to));
        printed.add(piece);
        lengths[stream] += piece.bytes.length;
        connection.send(stream, piece.offset, piece.bytes);
        switch (random.nextInt(8)) {
          case 0, 1 -> rig.settle();
          case 2, 3 -> rig.work();
          case 4 -> rig.answer();
          default -> {}
        }
        from = to;
      }
    }

    /** The server dies with what it has not committed; the senders come again and go on. */
    private void crash() {
      if (random.nextBoolean()) {
        rig.work();
        rig.answer();
      }
      rig = new LaneRig<>(shelf.store(), limits);
      connect();
      printed.forEach(this::resend);
      if (random.nextBoolean()) {
        rig.settle();
      }
    }

    private void connect() {
      connection = rig.connect("1", "");
      for (int stream = 0; stream < 2; stream++) {
        connection.open(stream, STREAMS.get(stream));
      }
    }

    private void check(boolean atEnd) {
      String everything = shelf.everything();
      for (Word word : words) {
        if (word.mode != Mode.ENABLED) {
          assertThat(everything).as("hidden by %s", word.mode).doesNotContain(word.text);
        }
      }
      if (atEnd && !edits) {
        String log = STREAMS.stream().map(shelf::log).collect(Collectors.joining("\n"));
        for (Word word : words) {
          if (word.mode == Mode.ENABLED) {
            assertThat(log.split(word.text, -1)).as("shown once: %s", word.text).hasSize(2);
          }
        }
      }
    }
  }
}

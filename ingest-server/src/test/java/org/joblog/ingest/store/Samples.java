package org.joblog.ingest.store;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.Mark;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.metadata.KeyNews;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.options.JobOptions;

/** Values for tests of the store, in few words. Immutable. */
final class Samples {

  /** 2026-11-22T12:00:00Z. */
  static final long NOON = 1_795_348_800_000_000L;

  private Samples() {}

  static JobFacts job(String id) {
    return new JobFacts("fir", id, 0, "ada", 1000, "train", NOON, JobOptions.DEFAULT);
  }

  static StreamIdentity stdout(int task) {
    return new StreamIdentity(0, "node1", task, StreamKind.STDOUT, 1);
  }

  static StreamIdentity stderr(int task) {
    return new StreamIdentity(0, "node1", task, StreamKind.STDERR, 1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Lines a second apart, the first at noon plus its number. */
  static Chunk chunk(long firstLine, String... lines) {
    int[] runs = new int[lines.length];
    long[] micros = new long[lines.length];
    for (int i = 0; i < lines.length; i++) {
      runs[i] = 1;
      micros[i] = i * 1_000_000L;
    }
    return chunk(firstLine, bytes(String.join("\n", lines)), runs, micros, List.of());
  }

  static Chunk chunk(long firstLine, byte[] text, int[] runs, long[] micros, List<Mark> marks) {
    int lines = java.util.Arrays.stream(runs).sum();
    long first = NOON + firstLine * 1_000_000;
    long last = first + java.util.Arrays.stream(micros).max().orElse(0);
    return new Chunk(firstLine, lines, text, first, last, runs, micros, marks);
  }

  /** A commit of the stream with nothing but an offset. */
  static StreamBatch at(OpenedStream stream, long offset) {
    return new StreamBatch(
        stream.streamKey(),
        stream.owner(),
        offset,
        null,
        new byte[0],
        0,
        List.of(),
        null,
        offset,
        false);
  }

  static StreamBatch chunks(OpenedStream stream, long offset, Chunk... chunks) {
    Chunk last = chunks[chunks.length - 1];
    return new StreamBatch(
        stream.streamKey(),
        stream.owner(),
        offset,
        null,
        new byte[0],
        last.firstLine() + last.lines(),
        List.of(chunks),
        Screen.EMPTY,
        offset,
        false);
  }

  static StreamBatch screen(OpenedStream stream, long offset, long scrollbackEnd, Screen screen) {
    return new StreamBatch(
        stream.streamKey(),
        stream.owner(),
        offset,
        null,
        new byte[0],
        scrollbackEnd,
        List.of(),
        screen,
        offset,
        false);
  }

  static Batch batch(long jobKey, StreamBatch... streams) {
    return new Batch(
        List.of(
            new JobBatch(
                jobKey, null, null, List.of(), List.of(), KeyNews.NONE, List.of(streams))));
  }

  static Batch batch(long jobKey, List<Event> events, StreamBatch... streams) {
    return new Batch(
        List.of(
            new JobBatch(jobKey, null, null, events, List.of(), KeyNews.NONE, List.of(streams))));
  }

  static Event event(long streamKey, long afterLine, String message) {
    return new Event(
        NOON + afterLine * 1_000_000, streamKey, afterLine, EventKind.GAP, message, "{}");
  }
}

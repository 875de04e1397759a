package org.joblog.workbench;

import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.batch.BatchLimits;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.LineBuffer;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.ScreenPublisher;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.store.OpenedStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a benchmark: its lines in the chunks and screens that a lane makes of them. Confined
 * to one thread.
 */
final class BenchmarkStream {

  private static final byte[] CHECKPOINT = new byte[400];
  private static final long SCREEN_INTERVAL_NANOS = 1_000_000_000;

  private final OpenedStream stream;
  private final BatchLimits limits;
  private final ScreenPublisher publisher;
  private LineBuffer open = new LineBuffer(0);
  private long offset;
  private boolean published;
  private long publishedNanos;

  BenchmarkStream(OpenedStream stream, BatchLimits limits) {
    this.stream = stream;
    this.limits = limits;
    this.publisher = new ScreenPublisher(limits);
  }

  /** So many lines more: full chunks, and the rest on the screen. */
  StreamBatch print(BenchmarkLines source, int lines) {
    List<Chunk> chunks = new ArrayList<>();
    long now = System.currentTimeMillis() * 1000;
    for (int i = 0; i < lines; i++) {
      add(source.next(), now);
      if (open.textBytes() >= limits.longestChunkBytes()) {
        chunks.add(takeChunk());
      }
    }
    return batch(chunks, screenIfDue(), false);
  }

  /** A screen is published at most once a second, as a lane does. */
  private @Nullable Screen screenIfDue() {
    long now = System.nanoTime();
    if (published && now - publishedNanos < SCREEN_INTERVAL_NANOS) {
      return null;
    }
    published = true;
    publishedNanos = now;
    return publisher.publish(open);
  }

  /** So many lines more, all of them final, in chunks of a few lines. */
  StreamBatch printSmallChunks(BenchmarkLines source, int lines, int linesPerChunk) {
    List<Chunk> chunks = new ArrayList<>();
    long now = System.currentTimeMillis() * 1000;
    for (int i = 0; i < lines; i++) {
      add(source.next(), now + i);
      if (open.lines() == linesPerChunk) {
        chunks.add(takeChunk());
      }
    }
    return batch(chunks, Screen.EMPTY, false);
  }

  /** The screen shows so many other lines. */
  StreamBatch rewriteScreen(BenchmarkLines source, int lines) {
    open.clear();
    long now = System.currentTimeMillis() * 1000;
    for (int i = 0; i < lines; i++) {
      add(source.next(), now);
    }
    return batch(List.of(), publisher.publish(open), false);
  }

  /** The end of the stream. */
  StreamBatch end() {
    return batch(List.of(), null, true);
  }

  private void add(byte[] line, long now) {
    open.addPlain(line, 0, line.length, now);
    offset += line.length + 1;
  }

  private Chunk takeChunk() {
    Chunk chunk = open.chunk(0, open.lines());
    open = new LineBuffer(open.nextLine());
    return chunk;
  }

  private StreamBatch batch(List<Chunk> chunks, @Nullable Screen screen, boolean ended) {
    return new StreamBatch(
        stream.streamKey(),
        stream.owner(),
        offset,
        CHECKPOINT,
        new byte[0],
        open.firstLine(),
        chunks,
        screen,
        offset,
        ended);
  }
}

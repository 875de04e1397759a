package org.joblog.shipper;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.jspecify.annotations.Nullable;

/**
 * A relay with one stream that outlives its connections, each of which is a {@link RelayPeer}: it
 * comes again when the test says so, and goes on from the agent's resume point. Confined to the
 * test's thread.
 */
final class SteadyRelay implements Closeable {

  private static final long LONGEST_SECONDS = 30;
  private static final int FRAME_BYTES = 16 << 10;

  private final Path agent;
  private final String job;
  private final boolean forgets;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private @Nullable RelayPeer connection;
  private long acknowledgedBefore;
  private boolean ended;

  /**
   * A relay that is not connected yet.
   *
   * @param forgets whether it has no more what the agent has acknowledged; a real one keeps it as
   *     long as there is room
   */
  SteadyRelay(Path agent, String job, boolean forgets) {
    this.agent = agent;
    this.job = job;
    this.forgets = forgets;
  }

  /** Connects, and sends again what the agent does not have. */
  SteadyRelay connect() throws IOException {
    acknowledgedBefore = connection == null ? 0 : acknowledged();
    connection = RelayPeer.of(agent, job);
    long resume = connection.open(0, 0, StreamKind.STDOUT);
    long kept = forgets ? acknowledgedBefore : 0;
    if (resume < kept) {
      connection.gap(0, resume, kept);
    }
    send(Math.max(resume, kept));
    if (ended) {
      end();
    }
    return this;
  }

  private RelayPeer connected() throws IOException {
    if (connection == null) {
      throw new IOException("not connected");
    }
    return connection;
  }

  private long acknowledged() throws IOException {
    return Math.max(acknowledgedBefore, connected().acknowledged(0));
  }

  private void send(long from) throws IOException {
    byte[] all = printed.toByteArray();
    for (int at = (int) from; at < all.length; at += FRAME_BYTES) {
      connected().send(0, at, Arrays.copyOfRange(all, at, Math.min(all.length, at + FRAME_BYTES)));
    }
  }

  /** Prints a text, which the agent gets. */
  void print(String text) throws IOException {
    int from = printed.size();
    printed.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    send(from);
  }

  /** Waits until the agent has everything. */
  void awaitAcknowledged() {
    await().atMost(LONGEST_SECONDS, TimeUnit.SECONDS).until(() -> acknowledged() == printed.size());
  }

  /** The step is over. */
  void end() throws IOException {
    ended = true;
    connected().end(0, printed.size(), 0);
  }

  /** Waits until the agent says that nothing is missing. */
  void awaitEnd() throws IOException {
    connected().awaitEndAck();
  }

  byte[] printed() {
    return printed.toByteArray();
  }

  /** Is gone, with its step. */
  void vanish() throws IOException {
    close();
  }

  @Override
  public void close() throws IOException {
    if (connection != null) {
      connection.close();
    }
  }
}

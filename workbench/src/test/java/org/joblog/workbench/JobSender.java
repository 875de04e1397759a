package org.joblog.workbench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;

/**
 * A second sender of the protocol, as short as one can be: stdout and stderr of one job, frames of
 * random lengths, connecting again for as long as it takes. It keeps what it has printed for ever,
 * and holds the server to its word: acknowledgements and resume points that break the protocol are
 * {@link #violations}. Safe for use by many threads.
 */
final class JobSender implements AutoCloseable {

  static final int STDOUT = 0;
  static final int STDERR = 1;

  private static final List<StreamKind> KINDS = List.of(StreamKind.STDOUT, StreamKind.STDERR);
  private static final int RETRY_MILLIS = 30;
  private static final int HEARTBEAT_MILLIS = 1_000;

  /** After so long without what is waited for something is wrong. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** What one stream has printed, and how far it got. */
  private static final class Out {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private byte[] snapshot = {};
    private int next;
    private int sent;
    private long acknowledged;
    private boolean resumed;
    private boolean ended;

    byte[] bytes() {
      if (snapshot.length < printed.size()) {
        snapshot = printed.toByteArray();
      }
      return snapshot;
    }
  }

  /** One connection; the newest one counts. */
  private static final class Connection {
    private final Socket socket;
    private boolean welcome;
    private boolean paused;
    private boolean broken;
    private boolean ended;

    Connection(Socket socket) {
      this.socket = socket;
    }
  }

  private final String job;
  private final int port;
  private final Random random;
  private final Progress progress;
  private final List<Out> outs = List.of(new Out(), new Out());
  private final List<String> violations = new ArrayList<>();
  private Connection current = new Connection(new Socket());
  private boolean finished;
  private boolean done;
  private boolean closed;
  private int connections;

  JobSender(String job, int port, long seed, Progress progress) {
    this.job = job;
    this.port = port;
    this.progress = progress;
    random = new Random(seed);
    Thread.ofPlatform().name("sender-" + job).daemon().start(this::run);
  }

  // The job's side

  /** The job prints something. */
  synchronized void print(int stream, String text) {
    outs.get(stream).printed.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    notifyAll();
  }

  /** Waits until everything that was printed is acknowledged. */
  synchronized void awaitAcknowledged() throws InterruptedException {
    await(() -> outs.stream().allMatch(out -> out.acknowledged == out.printed.size()));
  }

  /** The job ends; waits until the server has everything. */
  synchronized void finish() throws InterruptedException {
    finished = true;
    notifyAll();
    await(() -> done);
  }

  private void await(BooleanSupplier reached) throws InterruptedException {
    long until = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (!reached.getAsBoolean()) {
      if (closed || System.nanoTime() > until) {
        throw new IllegalStateException("given up: " + this);
      }
      wait(RETRY_MILLIS);
    }
  }

  /** Bytes of a stream that the server says are stored. */
  synchronized long acknowledged(int stream) {
    return outs.get(stream).acknowledged;
  }

  /** What the server did against the protocol. */
  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized int connections() {
    return connections;
  }

  @Override
  public synchronized String toString() {
    StringBuilder text = new StringBuilder(job + ", connection " + connections);
    text.append(current.welcome ? " welcome" : "").append(current.paused ? " paused" : "");
    for (Out out : outs) {
      text.append(
          "; printed %d, acknowledged %d, next %d, resumed %s, ended %s"
              .formatted(out.printed.size(), out.acknowledged, out.next, out.resumed, out.ended));
    }
    return text.append("; ").append(violations).toString();
  }

  @Override
  public synchronized void close() {
    closed = true;
    shut(current.socket);
    notifyAll();
  }

  // The connection's side

  private void run() {
    while (goOn()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        serve(begin(socket));
      } catch (IOException e) {
        // Cut, or nobody listens: that is what this is about.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized boolean goOn() {
    try {
      if (connections > 0) {
        wait(RETRY_MILLIS);
      }
    } catch (InterruptedException e) {
      return false;
    }
    return !done && !closed;
  }

  private synchronized Connection begin(Socket socket) {
    connections++;
    current = new Connection(socket);
    for (Out out : outs) {
      out.resumed = false;
      out.ended = false;
    }
    Connection mine = current;
    Thread.ofVirtual().start(() -> listen(mine));
    return mine;
  }

  private void serve(Connection connection) throws IOException, InterruptedException {
    OutputStream out = connection.socket.getOutputStream();
    boolean ending = false;
    while (true) {
      Frame next;
      synchronized (this) {
        next = ending ? null : next(connection);
        if (next == null) {
          if (connection.broken || connection.ended || closed) {
            done |= connection.ended;
            notifyAll();
            return;
          }
          wait(HEARTBEAT_MILLIS);
          next = connection.welcome && !ending ? next(connection) : null;
          next = next == null && connection.welcome ? new Frame.Heartbeat() : next;
        }
      }
      if (next != null) {
        ending |= next instanceof Frame.EndOfJob;
        write(out, next);
      }
    }
  }

  private Frame next(Connection connection) {
    if (!connection.welcome || connection.paused || connection.broken) {
      return null;
    }
    int first = random.nextInt(2);
    for (int turn = 0; turn < 2; turn++) {
      int stream = (first + turn) % 2;
      Frame frame = next(stream, outs.get(stream));
      if (frame != null) {
        return frame;
      }
    }
    boolean over = finished && outs.stream().allMatch(out -> out.ended);
    return over ? new Frame.EndOfJob(now(), 0, 0) : null;
  }

  private Frame next(int stream, Out out) {
    if (!out.resumed || out.ended) {
      return null;
    }
    byte[] bytes = out.bytes();
    if (out.next < bytes.length) {
      int most = random.nextInt(8) == 0 ? 12 : 12_000;
      int to = Math.min(bytes.length, out.next + 1 + random.nextInt(most));
      Frame frame =
          new Frame.Data(stream, out.next, now(), Arrays.copyOfRange(bytes, out.next, to));
      out.next = to;
      out.sent = Math.max(out.sent, to);
      return frame;
    }
    if (finished) {
      out.ended = true;
      return new Frame.EndOfStream(stream, bytes.length, now());
    }
    return null;
  }

  private static void write(OutputStream out, Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    out.write(bytes.array());
  }

  // What the server says

  private void listen(Connection connection) {
    try {
      DataInputStream in = new DataInputStream(connection.socket.getInputStream());
      while (true) {
        obey(connection, read(in));
      }
    } catch (IOException e) {
      synchronized (this) {
        connection.broken = true;
        shut(connection.socket);
        notifyAll();
      }
    }
  }

  private static Frame read(DataInputStream in) throws IOException {
    try {
      byte[] head = new byte[FrameCodec.HEADER_BYTES];
      in.readFully(head);
      FrameHeader header = FrameCodec.readHeader(ByteBuffer.wrap(head), WireLimits.MAX_BODY_BYTES);
      byte[] body = new byte[header.bodyBytes()];
      in.readFully(body);
      return FrameCodec.readBody(header, ByteBuffer.wrap(body));
    } catch (ProtocolException e) {
      throw new IOException(e);
    }
  }

  private synchronized void obey(Connection connection, Frame frame) throws IOException {
    if (connection != current) {
      throw new IOException("an earlier connection");
    }
    switch (frame) {
      case Frame.Challenge _ -> write(connection.socket.getOutputStream(), greeting());
      case Frame.Welcome _ -> {
        for (int stream = 0; stream < KINDS.size(); stream++) {
          Frame open = new Frame.OpenStream(stream, 0, 0, KINDS.get(stream));
          write(connection.socket.getOutputStream(), open);
        }
        connection.welcome = true;
      }
      case Frame.ResumePoint(int stream, long offset) -> resume(outs.get(stream), offset);
      case Frame.Ack(int stream, long offset) -> acknowledge(outs.get(stream), offset);
      case Frame.Pause _ -> connection.paused = true;
      case Frame.Unpause _ -> connection.paused = false;
      case Frame.EndAck _ -> connection.ended = true;
      case Frame.Refusal(Frame.RefusalCode code, String message) -> {
        if (code != Frame.RefusalCode.UNAVAILABLE) {
          violations.add(job + " refused: " + code + ", " + message);
        }
      }
      default -> {}
    }
    notifyAll();
  }

  private void resume(Out out, long offset) {
    if (offset < out.acknowledged || offset > out.sent) {
      violations.add(
          "%s resumes at %d (expected: %d to %d)"
              .formatted(job, offset, out.acknowledged, out.sent));
    }
    out.next = (int) Math.min(offset, out.printed.size());
    out.resumed = true;
  }

  private void acknowledge(Out out, long offset) {
    if (offset < out.acknowledged || offset > out.sent) {
      violations.add(
          "%s acknowledged to %d (expected: %d to %d)"
              .formatted(job, offset, out.acknowledged, out.sent));
    }
    progress.add(offset - out.acknowledged);
    out.acknowledged = offset;
  }

  private Frame.Greeting greeting() {
    return new Frame.Greeting(
        1, "proof", job, 0, "node1", "alice", 1000, "proof", 0, 1, new byte[0], new byte[0]);
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private static void shut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}

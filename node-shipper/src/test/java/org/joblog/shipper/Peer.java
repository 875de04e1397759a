package org.joblog.shipper;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;
import org.jspecify.annotations.Nullable;

/**
 * A server that keeps everything in memory and can misbehave in all the ways that servers do. What
 * it has acknowledged it has; what it has not, it forgets when a connection ends. Safe for use by
 * many threads.
 */
final class Peer implements AutoCloseable {

  /** How it misbehaves; a test changes what it needs. */
  static final class Manners {
    /** Ends every connection after a random number of bytes up to this, 0 for never. */
    volatile int cutWithin;

    /** Accepts connections and never says anything. */
    volatile boolean silent;

    /** Answers the greeting with this. */
    volatile Frame.@Nullable Refusal refusal;

    /** While set: reads nothing, but sends heartbeats; after a pause if it says so. */
    volatile boolean holding;

    volatile boolean saysPause;

    /** How long it takes before it acknowledges what it has read. */
    volatile int ackDelayMillis;

    volatile int heartbeatMillis = 200;
    volatile int maxBodyBytes = WireLimits.MAX_BODY_BYTES;
  }

  /** A stream belongs to the process that sends it. */
  private record Key(long source, long step, int task, StreamKind kind) {}

  /** What is stored of a stream: bytes, where a gap has none, and the gaps. */
  private static final class Stored {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final List<Frame.Gap> gaps = new ArrayList<>();
    long offset;
    boolean ended;

    Stored copy() {
      Stored copy = new Stored();
      copy.bytes.writeBytes(bytes.toByteArray());
      copy.gaps.addAll(gaps);
      copy.offset = offset;
      copy.ended = ended;
      return copy;
    }
  }

  final Manners manners = new Manners();
  private final Object lock = new Object();
  private final Map<Key, Stored> committed = new LinkedHashMap<>();
  private final List<Socket> connections = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final List<Frame.Notice> notices = new ArrayList<>();
  private int ends;
  private final Random random = new Random(7);
  private ServerSocket listening;
  private int accepted;
  private Frame.@Nullable Greeting greeting;
  private Frame.@Nullable EndOfJob endOfJob;
  private byte[] nonce = new byte[WireLimits.NONCE_BYTES];

  private final ServerSocketFactory sockets;

  Peer() throws IOException {
    this(ServerSocketFactory.getDefault());
  }

  /** A peer behind sockets of another kind. */
  Peer(ServerSocketFactory sockets) throws IOException {
    this.sockets = sockets;
    listening = listen(0);
  }

  private ServerSocket listen(int port) throws IOException {
    ServerSocket socket = sockets.createServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread accepting = new Thread(() -> accept(socket), "peer-accept");
    accepting.setDaemon(true);
    accepting.start();
    return socket;
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** Ends all connections and hears no new ones. */
  void die() throws IOException {
    listening.close();
    cutAll();
  }

  /** Ends all connections. */
  void cutAll() throws IOException {
    synchronized (lock) {
      for (Socket connection : connections) {
        connection.close();
      }
      connections.clear();
    }
  }

  /** Listens again where it listened before, and still has what it had acknowledged. */
  void revive() throws IOException {
    listening = listen(listening.getLocalPort());
  }

  int connections() {
    synchronized (lock) {
      return accepted;
    }
  }

  /** The bytes of a kind, of all processes that sent some, one after the other. */
  byte[] bytes(StreamKind kind) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    streams(kind).forEach(stored -> all.writeBytes(stored.bytes.toByteArray()));
    return all.toByteArray();
  }

  long offset(StreamKind kind) {
    return streams(kind).stream().mapToLong(stored -> stored.offset).sum();
  }

  List<Frame.Gap> gaps(StreamKind kind) {
    return streams(kind).stream().flatMap(stored -> stored.gaps.stream()).toList();
  }

  boolean hasEnded(StreamKind kind) {
    return streams(kind).stream().anyMatch(stored -> stored.ended);
  }

  int sources() {
    synchronized (lock) {
      return (int) committed.keySet().stream().map(Key::source).distinct().count();
    }
  }

  /** Copies, so that a test looks at one moment. */
  private List<Stored> streams(StreamKind kind) {
    synchronized (lock) {
      return committed.entrySet().stream()
          .filter(entry -> entry.getKey().kind() == kind)
          .map(entry -> entry.getValue().copy())
          .toList();
    }
  }

  Frame.Greeting greeting() {
    synchronized (lock) {
      if (greeting == null) {
        throw new AssertionError("nobody has greeted");
      }
      return greeting;
    }
  }

  boolean hasGreeting() {
    synchronized (lock) {
      return greeting != null;
    }
  }

  byte[] nonce() {
    synchronized (lock) {
      return nonce;
    }
  }

  /** Waits for the end of the job. */
  Frame.EndOfJob awaitEnd() throws InterruptedException {
    if (!end.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("no end of the job in 60 s");
    }
    synchronized (lock) {
      return Objects.requireNonNull(endOfJob);
    }
  }

  /** How many times a job has ended. */
  int ends() {
    synchronized (lock) {
      return ends;
    }
  }

  /** How the last job ended. */
  Frame.@Nullable EndOfJob lastEnd() {
    synchronized (lock) {
      return endOfJob;
    }
  }

  List<Frame.Notice> notices() {
    synchronized (lock) {
      return List.copyOf(notices);
    }
  }

  /** How many streams there are. */
  int streams() {
    synchronized (lock) {
      return committed.size();
    }
  }

  private void accept(ServerSocket socket) {
    try {
      while (true) {
        Socket connection = socket.accept();
        synchronized (lock) {
          connections.add(connection);
          accepted++;
        }
        Thread serving = new Thread(() -> serve(connection), "peer-serve");
        serving.setDaemon(true);
        serving.start();
      }
    } catch (IOException closed) {
      // The test is over, or plays dead.
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      new Conversation(connection).hold();
    } catch (IOException | ProtocolException | InterruptedException e) {
      // A cut, or what the test asserts on elsewhere.
    }
  }

  @Override
  public void close() throws IOException {
    die();
  }

  /** One connection. Confined to its thread, but for heartbeats. */
  private final class Conversation {
    private final DataInputStream in;
    private final OutputStream out;
    private final Map<Integer, Key> keys = new HashMap<>();
    private final Map<Integer, Stored> uncommitted = new HashMap<>();
    private long bytesLeft;
    private long source;

    Conversation(Socket connection) throws IOException {
      in = new DataInputStream(connection.getInputStream());
      out = connection.getOutputStream();
      synchronized (lock) {
        bytesLeft = manners.cutWithin == 0 ? Long.MAX_VALUE : 1 + random.nextInt(manners.cutWithin);
      }
    }

    void hold() throws IOException, ProtocolException, InterruptedException {
      if (manners.silent) {
        in.read();
        return;
      }
      byte[] fresh = new byte[WireLimits.NONCE_BYTES];
      synchronized (lock) {
        random.nextBytes(fresh);
        nonce = fresh;
      }
      say(new Frame.Challenge(1, 1, fresh));
      Thread heart = new Thread(this::beat, "peer-heart");
      heart.setDaemon(true);
      boolean open = true;
      while (open) {
        open = obey(hear());
        if (open && !heart.isAlive() && heart.getState() == Thread.State.NEW) {
          heart.start();
        }
      }
    }

    private void beat() {
      try {
        while (true) {
          say(new Frame.Heartbeat());
          TimeUnit.MILLISECONDS.sleep(manners.heartbeatMillis);
        }
      } catch (IOException | InterruptedException e) {
        // The connection is over.
      }
    }

    private synchronized void say(Frame frame) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
      FrameCodec.write(frame, bytes);
      out.write(bytes.array());
    }

    private Frame hear() throws IOException, ProtocolException, InterruptedException {
      boolean paused = false;
      while (manners.holding) {
        if (manners.saysPause && !paused) {
          say(new Frame.Pause(Frame.PauseReason.STORE));
          paused = true;
        }
        TimeUnit.MILLISECONDS.sleep(10);
      }
      if (paused) {
        say(new Frame.Unpause());
      }
      FrameHeader header =
          FrameCodec.readHeader(read(FrameCodec.HEADER_BYTES), WireLimits.MAX_BODY_BYTES);
      return FrameCodec.readBody(header, read(header.bodyBytes()));
    }

    private ByteBuffer read(int length) throws IOException {
      bytesLeft -= length;
      if (bytesLeft < 0) {
        throw new IOException("cut here");
      }
      byte[] bytes = new byte[length];
      in.readFully(bytes);
      return ByteBuffer.wrap(bytes);
    }

    /** Whether to go on. */
    private boolean obey(Frame frame) throws IOException, InterruptedException {
      switch (frame) {
        case Frame.Greeting hello -> {
          synchronized (lock) {
            greeting = hello;
          }
          source = hello.source();
          Frame.Refusal refusal = manners.refusal;
          if (refusal != null) {
            say(refusal);
            return false;
          }
          say(new Frame.Welcome(1, manners.maxBodyBytes, manners.heartbeatMillis));
        }
        case Frame.OpenStream open -> {
          Key key = new Key(source, open.step(), open.task(), open.kind());
          keys.put(open.stream(), key);
          Stored fresh = new Stored();
          fresh.offset = stored(key);
          uncommitted.put(open.stream(), fresh);
          say(new Frame.ResumePoint(open.stream(), fresh.offset));
        }
        case Frame.Data data -> {
          Stored stored = stored(data.stream(), data.offset());
          stored.bytes.write(data.bytes());
          stored.offset += data.bytes().length;
          commit(data.stream());
        }
        case Frame.Gap gap -> {
          Stored stored = stored(gap.stream(), gap.from());
          stored.gaps.add(gap);
          stored.offset = gap.to();
          commit(gap.stream());
        }
        case Frame.EndOfStream(int stream, long offset, long at) -> {
          stored(stream, offset).ended = true;
          commit(stream);
        }
        case Frame.EndOfJob over -> {
          synchronized (lock) {
            endOfJob = over;
            ends++;
          }
          say(new Frame.EndAck());
          end.countDown();
        }
        case Frame.Goodbye _ -> {
          return false;
        }
        case Frame.Heartbeat _ -> {}
        case Frame.Notice notice -> {
          synchronized (lock) {
            notices.add(notice);
          }
        }
        default -> throw new AssertionError("from a shipper: " + frame);
      }
      return true;
    }

    /** How much of a stream is stored. */
    private long stored(Key key) {
      synchronized (lock) {
        Stored stored = committed.get(key);
        return stored == null ? 0 : stored.offset;
      }
    }

    private Stored stored(int stream, long offset) {
      Stored stored = uncommitted.get(stream);
      if (stored == null || stored.offset != offset) {
        throw new AssertionError("offset " + offset + " of stream " + stream);
      }
      return stored;
    }

    private void commit(int stream) throws IOException, InterruptedException {
      if (manners.ackDelayMillis > 0) {
        TimeUnit.MILLISECONDS.sleep(manners.ackDelayMillis);
      }
      Stored fresh = Objects.requireNonNull(uncommitted.get(stream));
      Key key = Objects.requireNonNull(keys.get(stream));
      synchronized (lock) {
        Stored all = committed.computeIfAbsent(key, _ -> new Stored());
        all.bytes.writeBytes(fresh.bytes.toByteArray());
        all.gaps.addAll(fresh.gaps);
        all.offset = fresh.offset;
        all.ended |= fresh.ended;
      }
      fresh.bytes.reset();
      fresh.gaps.clear();
      say(new Frame.Ack(stream, fresh.offset));
    }
  }
}

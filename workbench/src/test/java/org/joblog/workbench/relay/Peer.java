package org.joblog.workbench.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * What a wrapper speaks to: a server on TCP, or an agent on a Unix socket, for they speak the same
 * wire. Keeps everything in memory and can misbehave. Safe for use by many threads.
 */
final class Peer implements AutoCloseable {

  private static final long LONGEST_SECONDS = 60;
  private static final int RECEIVED_BYTES = 1 << 16;

  /** How it misbehaves; a test changes what it needs. */
  static final class Manners {
    /** Ends every connection after so many bytes, 0 for never. */
    volatile int cutAfter;

    /** Accepts connections and never says anything. */
    volatile boolean silent;

    /** Answers the greeting with this. */
    volatile Frame.@Nullable Refusal refusal;

    /** Answers the greeting with a goodbye, to come again at once. */
    volatile boolean sendsAway;

    /** While set: reads nothing, but sends heartbeats; after a pause if it says so. */
    volatile boolean holding;

    volatile boolean saysPause;

    /** While set: reads nothing and says nothing, as a process that was stopped. */
    volatile boolean stopped;

    /** How long it takes for each frame of data. */
    volatile int delayMillis;

    volatile int heartbeatMillis = 200;
  }

  /** A stream, but for the connection. */
  record Key(long source, long step, int task, StreamKind kind) {}

  /** What there is of a stream: bytes, where a gap has none, and the gaps. */
  static final class Stored {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Frame.Gap> gaps = new ArrayList<>();
    private long offset;
    private long resume;
    private boolean ended;
    private @Nullable PeerConversation owner;
  }

  final Manners manners = new Manners();
  private final SocketAddress address;
  private final Object lock = new Object();
  private final Map<Key, Stored> streams = new LinkedHashMap<>();
  private final List<SocketChannel> connections = new ArrayList<>();
  private final List<Frame> told = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private ServerSocketChannel listening;
  private int accepted;
  private Frame.@Nullable Greeting greeting;
  private Frame.@Nullable EndOfJob endOfJob;

  private Peer(SocketAddress wanted) throws IOException {
    listening = listen(wanted);
    address = listening.getLocalAddress();
  }

  /** For this wrapper; a Unix socket lies in the folder. */
  static Peer of(Wrapper wrapper, Path folder) throws IOException {
    return new Peer(
        wrapper.isLocal()
            ? UnixDomainSocketAddress.of(folder.resolve("agent.sock"))
            : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private ServerSocketChannel listen(SocketAddress at) throws IOException {
    ServerSocketChannel channel;
    if (at instanceof UnixDomainSocketAddress local) {
      Files.deleteIfExists(local.getPath());
      channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    } else {
      channel = ServerSocketChannel.open();
      // The system would take megabytes in the peer's place, and nothing would ever wait for it.
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVED_BYTES);
    }
    channel.bind(at);
    Thread accepting = new Thread(() -> accept(channel), "peer-accept");
    accepting.setDaemon(true);
    accepting.start();
    return channel;
  }

  String address() {
    return address instanceof InetSocketAddress tcp
        ? "127.0.0.1:" + tcp.getPort()
        : address.toString();
  }

  /** Ends all connections and hears no new ones. */
  void die() throws IOException {
    listening.close();
    synchronized (lock) {
      for (SocketChannel connection : connections) {
        connection.close();
      }
      connections.clear();
    }
  }

  /** Listens again where it listened before. */
  void revive() throws IOException {
    listening = listen(address);
  }

  /**
   * What it had is committed upstream, but it does not know so: it answers as an agent that was
   * started anew.
   */
  void forget() {
    synchronized (lock) {
      streams.values().forEach(stored -> stored.resume = 0);
    }
  }

  int connections() {
    synchronized (lock) {
      return accepted;
    }
  }

  /** The bytes of a kind, of all tasks, one after the other. */
  byte[] bytes(StreamKind kind) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    synchronized (lock) {
      streams.forEach((key, stored) -> {
        if (key.kind() == kind) {
          all.writeBytes(stored.bytes.toByteArray());
        }
      });
    }
    return all.toByteArray();
  }

  /** The bytes of one task's stream; none if there is no such stream. */
  byte[] bytes(long step, int task, StreamKind kind) {
    synchronized (lock) {
      return streams.entrySet().stream()
          .filter(e -> e.getKey().step() == step && e.getKey().task() == task)
          .filter(e -> e.getKey().kind() == kind)
          .findFirst()
          .map(e -> e.getValue().bytes.toByteArray())
          .orElse(new byte[0]);
    }
  }

  long offset(StreamKind kind) {
    synchronized (lock) {
      return streams.entrySet().stream()
          .filter(entry -> entry.getKey().kind() == kind)
          .mapToLong(entry -> entry.getValue().offset)
          .sum();
    }
  }

  List<Frame.Gap> gaps(StreamKind kind) {
    synchronized (lock) {
      return streams.entrySet().stream()
          .filter(entry -> entry.getKey().kind() == kind)
          .flatMap(entry -> entry.getValue().gaps.stream())
          .toList();
    }
  }

  List<StreamKind> kinds() {
    synchronized (lock) {
      return streams.keySet().stream().map(Key::kind).sorted().toList();
    }
  }

  boolean hasEnded(StreamKind kind) {
    synchronized (lock) {
      return streams.entrySet().stream()
          .anyMatch(entry -> entry.getKey().kind() == kind && entry.getValue().ended);
    }
  }

  Frame.Greeting greeting() {
    synchronized (lock) {
      return Objects.requireNonNull(greeting, "nobody has greeted");
    }
  }

  boolean hasGreeting() {
    synchronized (lock) {
      return greeting != null;
    }
  }

  /** Frames that it has no use for. */
  List<Frame> told() {
    synchronized (lock) {
      return List.copyOf(told);
    }
  }

  /** Waits for the end of the job. */
  Frame.EndOfJob awaitEnd() throws InterruptedException {
    if (!end.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("no end of the job in " + LONGEST_SECONDS + " s");
    }
    synchronized (lock) {
      return Objects.requireNonNull(endOfJob);
    }
  }

  private void accept(ServerSocketChannel channel) {
    try {
      while (true) {
        SocketChannel connection = channel.accept();
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

  private void serve(SocketChannel connection) {
    try (connection) {
      new PeerConversation(this, connection).hold();
    } catch (IOException | ProtocolException | InterruptedException e) {
      // A cut, or what the test asserts on elsewhere.
    }
  }

  void greeted(Frame.Greeting hello) {
    synchronized (lock) {
      greeting = hello;
    }
  }

  /** Where a stream is to go on. It belongs to the connection that opened it last. */
  long open(Key key, PeerConversation owner) {
    synchronized (lock) {
      Stored stored = streams.computeIfAbsent(key, _ -> new Stored());
      stored.owner = owner;
      return stored.resume;
    }
  }

  /** Takes bytes; those that are there already are passed over. */
  void take(PeerConversation by, Key key, long from, byte[] bytes) throws IOException {
    synchronized (lock) {
      Stored stored = at(by, key, from);
      int known = (int) Math.min(bytes.length, stored.offset - from);
      stored.bytes.write(bytes, known, bytes.length - known);
      advance(stored, from + bytes.length);
    }
  }

  /** Takes a gap; the part that is there already is none. */
  void take(PeerConversation by, Key key, Frame.Gap gap) throws IOException {
    synchronized (lock) {
      Stored stored = at(by, key, gap.from());
      if (gap.to() > stored.offset) {
        long from = Math.max(gap.from(), stored.offset);
        stored.gaps.add(new Frame.Gap(gap.stream(), from, gap.to(), gap.atMicros(), gap.reason()));
      }
      advance(stored, gap.to());
    }
  }

  private Stored at(PeerConversation by, Key key, long from) throws IOException {
    Stored stored = Objects.requireNonNull(streams.get(key));
    if (stored.owner != by) {
      throw new IOException("superseded");
    }
    if (stored.resume != from) {
      throw new AssertionError("offset: " + from + " (expected: " + stored.resume + ")");
    }
    return stored;
  }

  private static void advance(Stored stored, long to) {
    stored.resume = to;
    stored.offset = Math.max(stored.offset, to);
  }

  void ended(PeerConversation by, Key key, long length) throws IOException {
    synchronized (lock) {
      at(by, key, length).ended = true;
    }
  }

  void over(Frame.EndOfJob over) {
    synchronized (lock) {
      endOfJob = over;
    }
    end.countDown();
  }

  void tell(Frame frame) {
    synchronized (lock) {
      told.add(frame);
    }
  }

  @Override
  public void close() throws IOException {
    die();
  }
}

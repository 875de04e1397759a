package org.joblog.shipper.relay;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.FrameType;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;
import org.joblog.shipper.window.StreamName;
import org.joblog.shipper.window.StreamWindow;
import org.jspecify.annotations.Nullable;

/**
 * One relay, from its connection to its end: the server's side of PROTOCOL.md. Its thread reads,
 * and waits where the job is to wait; its {@link Outbox} writes. Safe for use by many threads;
 * {@link #run} by one.
 */
final class RelayConnection implements Runnable {

  /** How soon a relay comes again when the agent has said goodbye: a restart takes a second. */
  private static final int RETRY_MILLIS = 1000;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final SocketChannel channel;
  private final Jobs jobs;
  private final RelayLimits limits;
  private final Runnable onEnd;
  private final Outbox outbox;
  private final FrameInput input;
  private final Map<Integer, StreamWindow> streams = new ConcurrentHashMap<>();
  private final long begun;
  private @Nullable CarriedJob job;
  private volatile boolean greeted;
  private volatile boolean busy;
  private volatile boolean ended;
  private volatile boolean endAcknowledged;
  private volatile long heardAt;

  /**
   * A relay that has connected.
   *
   * @param onEnd called when it has said how its step ended; must not wait
   */
  RelayConnection(SocketChannel channel, Jobs jobs, RelayLimits limits, Runnable onEnd) {
    this.channel = channel;
    this.jobs = jobs;
    this.limits = limits;
    this.onEnd = onEnd;
    outbox = new Outbox(channel, limits);
    input = new FrameInput(channel, limits.bodyBytes(), () -> heardAt = System.nanoTime());
    begun = System.nanoTime();
    heardAt = begun;
  }

  @Override
  public void run() {
    Thread writer = Thread.ofVirtual().name("relay-writer").start(outbox);
    try {
      converse();
    } catch (ProtocolException e) {
      refuse(new Frame.Refusal(e.code(), String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      refuse(new Frame.Refusal(RefusalCode.PROTOCOL, String.valueOf(e.getMessage())));
    } catch (IOException | InterruptedException e) {
      outbox.abandon();
    } finally {
      leave(writer);
    }
  }

  /** Lets the last words out, if the relay takes them soon. */
  private void leave(Thread writer) {
    try {
      writer.join(Duration.ofMillis(RETRY_MILLIS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    outbox.abandon();
    CarriedJob known = job;
    if (known != null) {
      known.detach(this, System.nanoTime());
    }
  }

  private void converse() throws IOException, ProtocolException, InterruptedException {
    byte[] nonce = new byte[WireLimits.NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    outbox.say(new Frame.Challenge(WireLimits.VERSION, WireLimits.VERSION, nonce));
    if (!(input.next() instanceof Frame.Greeting greeting)) {
      throw new ProtocolException(
          RefusalCode.PROTOCOL, "first frame: another (expected: a greeting)");
    }
    CarriedJob joined = greet(greeting);
    job = joined;
    greeted = true;
    outbox.say(
        new Frame.Welcome(
            WireLimits.VERSION, limits.bodyBytes(), (int) limits.heartbeat().toMillis()));
    boolean more = true;
    while (more) {
      Frame frame = input.next();
      busy = true;
      more = obey(joined, frame);
      heardAt = System.nanoTime();
      busy = false;
    }
  }

  private CarriedJob greet(Frame.Greeting greeting) throws ProtocolException {
    if (greeting.version() != WireLimits.VERSION) {
      throw new ProtocolException(
          RefusalCode.VERSION, "version: " + greeting.version() + " (expected: 1)");
    }
    return jobs.join(greeting, this);
  }

  /** Whether to go on. */
  private boolean obey(CarriedJob to, Frame frame) throws ProtocolException, InterruptedException {
    if (ended && !(frame instanceof Frame.Heartbeat || frame instanceof Frame.Goodbye)) {
      throw unexpected(frame);
    }
    switch (frame) {
      case Frame.OpenStream open -> open(to, open);
      case Frame.Data(int stream, long offset, long at, byte[] bytes) -> {
        window(stream).append(offset, bytes, at);
        outbox.acknowledge(stream, offset + bytes.length);
      }
      case Frame.Gap gap -> {
        window(gap.stream()).gap(gap.from(), gap.to(), gap.atMicros(), gap.reason());
        outbox.acknowledge(gap.stream(), gap.to());
      }
      case Frame.Notice(int stream, long at, Frame.NoticeCode code, long detail) ->
          window(stream).tell(at, code, detail);
      case Frame.EndOfStream(int stream, long length, long at) -> window(stream).end(length, at);
      case Frame.EndOfJob end -> {
        to.ended(end);
        ended = true;
        onEnd.run();
      }
      case Frame.Heartbeat _ -> {}
      case Frame.Goodbye _ -> {
        return false;
      }
      case Frame.Challenge _,
          Frame.Greeting _,
          Frame.Welcome _,
          Frame.ResumePoint _,
          Frame.Ack _,
          Frame.EndAck _,
          Frame.Pause _,
          Frame.Unpause _,
          Frame.Refusal _ ->
          throw unexpected(frame);
    }
    return true;
  }

  private void open(CarriedJob to, Frame.OpenStream open) throws ProtocolException {
    if (streams.containsKey(open.stream())) {
      throw new ProtocolException(
          RefusalCode.PROTOCOL, "stream: " + open.stream() + " (expected: one not opened yet)");
    }
    jobs.checkRoom();
    StreamName name = new StreamName(open.step(), open.task(), open.kind());
    Optional<StreamWindow> window = to.open(name, this, System.nanoTime());
    if (window.isEmpty()) {
      throw new ProtocolException(
          RefusalCode.UNAVAILABLE, "job: just over (expected: come again, it opens anew)");
    }
    streams.put(open.stream(), window.get());
    outbox.say(new Frame.ResumePoint(open.stream(), window.get().received()));
  }

  private StreamWindow window(int stream) throws ProtocolException {
    StreamWindow window = streams.get(stream);
    if (window == null) {
      throw new ProtocolException(
          RefusalCode.PROTOCOL, "stream: " + stream + " (expected: an opened one)");
    }
    return window;
  }

  private static ProtocolException unexpected(Frame frame) {
    return new ProtocolException(
        RefusalCode.PROTOCOL, "frame: " + FrameType.of(frame) + " (expected: not here)");
  }

  /** Whether it has said how its step ended. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether it has greeted and its step goes on: nothing but its silence is to be watched. */
  boolean isSettled() {
    return greeted && !ended;
  }

  /** Looks after it from time to time: its silence, and whether the server has all of it. */
  void watch(long now) {
    long patience =
        greeted
            ? limits.heartbeat().toNanos() * WireLimits.SILENT_HEARTBEATS
            : limits.greeting().toNanos();
    if (!busy && now - (greeted ? heardAt : begun) >= patience) {
      outbox.abandon();
    }
    if (ended
        && !endAcknowledged
        && List.copyOf(streams.values()).stream().allMatch(StreamWindow::isSettled)) {
      endAcknowledged = true;
      outbox.say(new Frame.EndAck());
    }
  }

  /** The server will not have this job. */
  void refuse(Frame.Refusal refusal) {
    outbox.close(refusal);
  }

  /** The agent goes away for a moment. */
  void dismiss() {
    outbox.close(new Frame.Goodbye(RETRY_MILLIS));
  }

  /** Another relay has taken a stream of this one. */
  void cut() {
    outbox.abandon();
  }

  /** Whether nothing of it is left. */
  boolean isClosed() {
    return !channel.isOpen();
  }
}

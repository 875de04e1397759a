package org.joblog.shipper.link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.FrameType;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;
import org.joblog.shipper.window.JobWindow;
import org.joblog.shipper.window.Reach;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from the challenge to the end, as PROTOCOL.md draws it. It never waits: it is
 * told when bytes can be read, when they can be written, and what time it is. Confined to the
 * link's thread.
 */
final class Session {

  private enum State {
    FRESH,
    GREETED,
    OPEN,
    ENDING
  }

  private final Transport transport;
  private final Source source;
  private final List<StreamSender> streams;
  private final JobWindow window;
  private final Log log;
  private final ByteBuffer in;
  private final ByteBuffer usualOut;
  private final Deque<Frame> control = new ArrayDeque<>();
  private final long greetingNanos;
  private State state = State.FRESH;
  private Outcome outcome = new Outcome.GoingOn();
  private ByteBuffer out;
  private @Nullable FrameHeader header;
  private boolean paused;
  private boolean progress;
  private int turn;
  private int opened;
  private int maxBodyBytes = WireLimits.MIN_MAX_BODY_BYTES;
  private long heartbeatNanos;
  private long heardAt;
  private long saidAt;

  /**
   * A connection that has just been made.
   *
   * @param streams what is sent; more may be added while it lives
   */
  Session(
      Transport transport,
      Buffers buffers,
      Source source,
      List<StreamSender> streams,
      JobWindow window,
      Log log,
      Duration greeting,
      long now) {
    this.transport = transport;
    in = buffers.in().clear();
    usualOut = buffers.out();
    out = usualOut.clear().limit(0);
    this.source = source;
    this.streams = streams;
    this.window = window;
    this.log = log;
    greetingNanos = greeting.toNanos();
    heardAt = now;
    saidAt = now;
    streams.forEach(StreamSender::reset);
  }

  /** How things stand. */
  Outcome outcome() {
    return outcome;
  }

  /** Whether the server has committed anything on this connection. */
  boolean hasProgress() {
    return progress;
  }

  /** Reads and obeys what the server says. */
  void read(long now) {
    try {
      while (outcome instanceof Outcome.GoingOn) {
        int n = transport.read(in);
        if (n <= 0) {
          if (n < 0) {
            outcome = new Outcome.Broken("closed by the server");
          }
          return;
        }
        heardAt = now;
        in.flip();
        while (outcome instanceof Outcome.GoingOn && takeFrame()) {}
        in.compact();
      }
    } catch (IOException e) {
      outcome = new Outcome.Broken("reading failed: " + e.getMessage());
    } catch (ProtocolException | IllegalArgumentException e) {
      outcome = new Outcome.Broken("the server broke the protocol: " + e.getMessage());
    }
  }

  /** Whether there was a whole frame. */
  private boolean takeFrame() throws ProtocolException {
    FrameHeader open = header;
    if (open == null) {
      if (in.remaining() < FrameCodec.HEADER_BYTES) {
        return false;
      }
      open = FrameCodec.readHeader(in, in.capacity() - FrameCodec.HEADER_BYTES);
      if (!open.type().maySend(FrameType.Side.SERVER)) {
        throw unexpected(open.type());
      }
      header = open;
    }
    if (in.remaining() < open.bodyBytes()) {
      return false;
    }
    header = null;
    obey(FrameCodec.readBody(open, in));
    return true;
  }

  private void obey(Frame frame) throws ProtocolException {
    switch (frame) {
      case Frame.Challenge challenge -> greet(challenge);
      case Frame.Welcome welcome -> begin(welcome);
      case Frame.ResumePoint(int stream, long offset) -> sender(stream).resume(offset);
      case Frame.Ack(int stream, long offset) -> {
        sender(stream).acknowledge(offset);
        progress = true;
      }
      case Frame.Pause(Frame.PauseReason reason) -> {
        log.say("the server asks to wait: " + reason);
        paused = true;
      }
      case Frame.Unpause _ -> paused = false;
      case Frame.EndAck _ -> {
        require(State.ENDING, FrameType.END_ACK);
        outcome = new Outcome.Done();
      }
      case Frame.Goodbye(int retryMillis) -> outcome = new Outcome.SentAway(retryMillis);
      case Frame.Refusal(RefusalCode code, String message) ->
          outcome = new Outcome.Refused(code, message);
      case Frame.Heartbeat _ -> {}
      case Frame.Greeting _,
          Frame.OpenStream _,
          Frame.Data _,
          Frame.Gap _,
          Frame.Notice _,
          Frame.EndOfStream _,
          Frame.EndOfJob _ ->
          throw unexpected(FrameType.of(frame));
    }
  }

  private void greet(Frame.Challenge challenge) throws ProtocolException {
    require(State.FRESH, FrameType.CHALLENGE);
    if (challenge.minVersion() > WireLimits.VERSION) {
      outcome =
          new Outcome.Refused(
              RefusalCode.VERSION,
              "oldest version: " + challenge.minVersion() + " (expected: <= 1)");
      return;
    }
    control.add(source.answer(challenge));
    state = State.GREETED;
  }

  private void begin(Frame.Welcome welcome) throws ProtocolException {
    require(State.GREETED, FrameType.WELCOME);
    maxBodyBytes = welcome.maxFrameBytes();
    heartbeatNanos = TimeUnit.MILLISECONDS.toNanos(welcome.heartbeatMillis());
    state = State.OPEN;
    window.setReach(Reach.ALIVE);
  }

  private StreamSender sender(int number) throws ProtocolException {
    if (number >= streams.size()) {
      throw new ProtocolException(
          RefusalCode.PROTOCOL,
          "stream: " + number + " (expected: < " + streams.size() + ", what was opened)");
    }
    return streams.get(number);
  }

  private void require(State expected, FrameType type) throws ProtocolException {
    if (state != expected) {
      throw unexpected(type);
    }
  }

  private ProtocolException unexpected(FrameType type) {
    return new ProtocolException(
        RefusalCode.PROTOCOL, type + " in state " + state + " (expected: not here)");
  }

  /**
   * Writes as much as there is and as goes.
   *
   * @return whether more is waiting for the connection to take it
   */
  boolean write(long now) {
    try {
      while (outcome instanceof Outcome.GoingOn) {
        if (!out.hasRemaining() && !fill(now)) {
          return transport.wantsToWrite();
        }
        transport.write(out);
        if (out.hasRemaining()) {
          return true;
        }
        saidAt = now;
      }
    } catch (IOException e) {
      outcome = new Outcome.Broken("writing failed: " + e.getMessage());
    }
    return false;
  }

  /** Puts the next frame into the empty output buffer; whether there was one. */
  private boolean fill(long now) {
    out = usualOut.clear();
    boolean filled = fillControl(now) || fillOutput();
    out.flip();
    return filled;
  }

  private boolean fillControl(long now) {
    Frame frame = control.poll();
    if (frame == null && state == State.OPEN && opened < streams.size()) {
      frame = streams.get(opened++).open();
    }
    if (frame == null
        && state.compareTo(State.OPEN) >= 0
        && now >= new Beat(heartbeatNanos).after(saidAt)) {
      frame = new Frame.Heartbeat();
    }
    if (frame != null) {
      int bytes = FrameCodec.encodedBytes(frame);
      if (bytes > out.capacity()) {
        // A greeting with a long opt-in file comes once, so that its room is not kept.
        out = ByteBuffer.allocate(bytes);
      }
      FrameCodec.write(frame, out);
    }
    return frame != null;
  }

  private boolean fillOutput() {
    if (paused || state != State.OPEN) {
      return false;
    }
    for (int i = 0; i < streams.size(); i++) {
      turn = (turn + 1) % streams.size();
      if (streams.get(turn).writeNext(maxBodyBytes, out)) {
        return true;
      }
    }
    Frame.EndOfJob end = window.end();
    if (end == null || !streams.stream().allMatch(StreamSender::hasEnded)) {
      return false;
    }
    FrameCodec.write(end, out);
    state = State.ENDING;
    return true;
  }

  /** Gives up if the server has been silent for too long. */
  void watch(long now) {
    if (now >= deadline()) {
      outcome = new Outcome.Broken("no word from the server for " + silence().toMillis() + " ms");
    }
  }

  /** When there is something to do, whatever comes: a heartbeat, or giving up. */
  long wakeAt() {
    return state.compareTo(State.OPEN) >= 0
        ? Math.min(new Beat(heartbeatNanos).after(saidAt), deadline())
        : deadline();
  }

  private long deadline() {
    return heardAt + silence().toNanos();
  }

  private Duration silence() {
    return Duration.ofNanos(
        state.compareTo(State.OPEN) >= 0
            ? heartbeatNanos * WireLimits.SILENT_HEARTBEATS
            : greetingNanos);
  }

  /** Says goodbye if that goes at once. */
  void leave() {
    try {
      if (!out.hasRemaining()) {
        out.clear();
        FrameCodec.write(new Frame.Goodbye(0), out);
        transport.write(out.flip());
      }
    } catch (IOException ignored) {
      // The connection is over in any case.
    }
  }
}

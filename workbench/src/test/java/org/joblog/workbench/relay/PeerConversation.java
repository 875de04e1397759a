package org.joblog.workbench.relay;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;

/** One connection of a {@link Peer}. Confined to its thread, but for heartbeats. */
final class PeerConversation {

  private static final int LOOK_MILLIS = 10;

  private final Peer peer;
  private final SocketChannel channel;
  private final Map<Integer, Peer.Key> streams = new HashMap<>();
  private long bytesLeft;
  private long source;

  PeerConversation(Peer peer, SocketChannel channel) {
    this.peer = peer;
    this.channel = channel;
    bytesLeft = peer.manners.cutAfter == 0 ? Long.MAX_VALUE : peer.manners.cutAfter;
  }

  void hold() throws IOException, ProtocolException, InterruptedException {
    if (peer.manners.silent) {
      channel.read(ByteBuffer.allocate(1));
      return;
    }
    say(new Frame.Challenge(1, 1, new byte[WireLimits.NONCE_BYTES]));
    Thread heart = new Thread(this::beat, "peer-heart");
    heart.setDaemon(true);
    boolean open = true;
    while (open) {
      open = obey(hear());
      if (open && heart.getState() == Thread.State.NEW) {
        heart.start();
      }
    }
  }

  private void beat() {
    try {
      while (true) {
        if (!peer.manners.stopped) {
          say(new Frame.Heartbeat());
        }
        TimeUnit.MILLISECONDS.sleep(peer.manners.heartbeatMillis);
      }
    } catch (IOException | InterruptedException e) {
      // The connection is over.
    }
  }

  private synchronized void say(Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    bytes.flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private Frame hear() throws IOException, ProtocolException, InterruptedException {
    boolean paused = false;
    while (peer.manners.holding || peer.manners.stopped) {
      if (peer.manners.saysPause && !paused) {
        say(new Frame.Pause(Frame.PauseReason.STORE));
        paused = true;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
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
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException();
      }
    }
    return bytes.flip();
  }

  /** Whether to go on. */
  private boolean obey(Frame frame) throws IOException, InterruptedException {
    switch (frame) {
      case Frame.Greeting hello -> {
        return greet(hello);
      }
      case Frame.OpenStream open -> {
        Peer.Key key = new Peer.Key(source, open.step(), open.task(), open.kind());
        streams.put(open.stream(), key);
        say(new Frame.ResumePoint(open.stream(), peer.open(key, this)));
      }
      case Frame.Data data -> {
        TimeUnit.MILLISECONDS.sleep(peer.manners.delayMillis);
        peer.take(this, key(data.stream()), data.offset(), data.bytes());
        say(new Frame.Ack(data.stream(), data.offset() + data.bytes().length));
      }
      case Frame.Gap gap -> {
        peer.take(this, key(gap.stream()), gap);
        say(new Frame.Ack(gap.stream(), gap.to()));
      }
      case Frame.EndOfStream(int stream, long length, long _) ->
          peer.ended(this, key(stream), length);
      case Frame.EndOfJob over -> {
        peer.over(over);
        say(new Frame.EndAck());
      }
      case Frame.Goodbye _ -> {
        return false;
      }
      case Frame.Heartbeat _ -> {}
      default -> peer.tell(frame);
    }
    return true;
  }

  private boolean greet(Frame.Greeting hello) throws IOException {
    peer.greeted(hello);
    source = hello.source();
    Frame answer = answer();
    say(answer);
    return answer instanceof Frame.Welcome;
  }

  private Frame answer() {
    Frame.Refusal refusal = peer.manners.refusal;
    if (refusal != null) {
      return refusal;
    }
    return peer.manners.sendsAway
        ? new Frame.Goodbye(0)
        : new Frame.Welcome(1, WireLimits.MAX_BODY_BYTES, peer.manners.heartbeatMillis);
  }

  private Peer.Key key(int stream) {
    return Objects.requireNonNull(streams.get(stream));
  }
}

package org.joblog.ingest.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.joblog.ingest.lane.Peer;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.WireLimits;

/**
 * The sender at the other end, for its lane: carries every word to the connection's event loop.
 * Acknowledgements are coalesced to the latest offset of a stream and wait for a connection that
 * can be written to. Safe for use by many threads.
 */
final class NetPeer implements Peer {

  private final Channel channel;
  private final ReadGate gate;
  private final NetLimits limits;
  private final NetMeter meter;

  /** Newest committed offset by stream; bounded by the streams of the connection. */
  private final Map<Integer, Long> acknowledgements = new ConcurrentHashMap<>();

  private final AtomicBoolean flushing = new AtomicBoolean();

  NetPeer(Channel channel, ReadGate gate, NetLimits limits, NetMeter meter) {
    this.channel = channel;
    this.gate = gate;
    this.limits = limits;
    this.meter = meter;
  }

  @Override
  public void welcome() {
    int heartbeat = Math.toIntExact(limits.heartbeat().toMillis());
    send(new Frame.Welcome(WireLimits.VERSION, limits.maxBodyBytes(), heartbeat));
  }

  @Override
  public void resume(int stream, long offset) {
    send(new Frame.ResumePoint(stream, offset));
  }

  @Override
  public void acknowledge(int stream, long offset) {
    acknowledgements.put(stream, offset);
    if (flushing.compareAndSet(false, true)) {
      onLoop(this::flush);
    }
  }

  @Override
  public void ended() {
    onLoop(() -> {
      writeAcknowledgements();
      channel.writeAndFlush(new Frame.EndAck());
    });
  }

  @Override
  public void pause(PauseReason reason) {
    onLoop(() -> gate.slow(true));
  }

  @Override
  public void unpause() {
    onLoop(() -> gate.slow(false));
  }

  @Override
  public void refuse(RefusalCode code, String message) {
    meter.refused(code);
    onLoop(() ->
        channel
            .writeAndFlush(new Frame.Refusal(code, message))
            .addListener(ChannelFutureListener.CLOSE));
  }

  @Override
  public void release(long cost) {
    gate.release(cost);
  }

  /** The server stops: what is committed is acknowledged, then the connection closes. */
  void dismiss() {
    onLoop(() -> {
      writeAcknowledgements();
      channel
          .writeAndFlush(new Frame.Goodbye(Math.toIntExact(limits.retry().toMillis())))
          .addListener(ChannelFutureListener.CLOSE);
    });
  }

  /** Writes what waits, if the connection can take it. On its event loop. */
  void flush() {
    flushing.set(false);
    if (channel.isWritable() && !acknowledgements.isEmpty()) {
      writeAcknowledgements();
      channel.flush();
    }
  }

  private void writeAcknowledgements() {
    for (Integer stream : List.copyOf(acknowledgements.keySet())) {
      Long offset = acknowledgements.remove(stream);
      if (offset != null) {
        channel.write(new Frame.Ack(stream, offset), channel.voidPromise());
      }
    }
  }

  private void send(Frame frame) {
    onLoop(() -> channel.writeAndFlush(frame, channel.voidPromise()));
  }

  private void onLoop(Runnable task) {
    if (channel.isRegistered()) {
      channel.eventLoop().execute(task);
    }
  }
}

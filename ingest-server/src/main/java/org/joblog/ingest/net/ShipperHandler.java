package org.joblog.ingest.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.lane.LaneMessage;
import org.joblog.ingest.lane.Session;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks with one sender: checks its greeting, then hands its frames to the lane of its job.
 * Confined to its connection's event loop.
 */
final class ShipperHandler extends SimpleChannelInboundHandler<Frame> {

  private static final Logger LOG = LoggerFactory.getLogger(ShipperHandler.class);

  /** What a frame costs besides its bytes: the objects that carry it through the lane. */
  private static final long FRAME_COST = 256;

  private final Doorkeeper doorkeeper;
  private final NetLimits limits;
  private final NetMeter meter;
  private final ReadGate gate;
  private final NetPeer peer;
  private byte[] nonce = {};
  private @Nullable Session session;
  private @Nullable String job;
  private String node = "";
  private long source;
  private @Nullable ScheduledFuture<?> patience;

  ShipperHandler(
      Doorkeeper doorkeeper, NetLimits limits, NetMeter meter, ReadGate gate, NetPeer peer) {
    super(Frame.class);
    this.doorkeeper = doorkeeper;
    this.limits = limits;
    this.meter = meter;
    this.gate = gate;
    this.peer = peer;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    nonce = doorkeeper.nonce();
    ctx.writeAndFlush(new Frame.Challenge(WireLimits.VERSION, WireLimits.VERSION, nonce));
    patience =
        ctx.executor()
            .schedule(
                () -> refuse(RefusalCode.PROTOCOL, "no greeting came in time"),
                limits.greeting().toMillis(),
                TimeUnit.MILLISECONDS);
    ctx.fireChannelActive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Frame frame) throws ProtocolException {
    meter.received(FrameCodec.encodedBytes(frame));
    Session known = session;
    if (known == null) {
      if (!(frame instanceof Frame.Greeting greeting)) {
        throw new ProtocolException(
            RefusalCode.PROTOCOL, "first frame: " + name(frame) + " (expected: Greeting)");
      }
      greet(greeting);
      return;
    }
    frame(known, frame);
  }

  private void greet(Frame.Greeting greeting) throws ProtocolException {
    doorkeeper.check(greeting, nonce);
    if (patience != null) {
      patience.cancel(false);
    }
    String name = greeting.cluster() + '/' + greeting.job() + '/' + greeting.restart();
    job = name;
    node = greeting.node();
    source = greeting.source();
    gate.join(doorkeeper.budgets().join(name));
    Session made = doorkeeper.lanes().laneOf(name).connect(peer);
    session = made;
    made.lane().tell(doorkeeper.greet(made, greeting));
  }

  /** Every frame that a sender may send once it has greeted. */
  private void frame(Session to, Frame frame) throws ProtocolException {
    switch (frame) {
      case Frame.Data data -> data(to, data);
      case Frame.OpenStream open ->
          to.lane().tell(new LaneMessage.Open(to, open.stream(), identity(open)));
      case Frame.Gap gap ->
          to.lane()
              .tell(
                  new LaneMessage.Lost(
                      to, gap.stream(), gap.from(), gap.to(), gap.atMicros(), gap.reason()));
      case Frame.EndOfStream end ->
          to.lane()
              .tell(new LaneMessage.EndOfStream(to, end.stream(), end.offset(), end.atMicros()));
      case Frame.EndOfJob end ->
          to.lane()
              .tell(new LaneMessage.EndOfJob(to, end.atMicros(), end.exitCode(), end.signal()));
      case Frame.Notice notice ->
          to.lane()
              .tell(
                  new LaneMessage.Noticed(
                      to, notice.stream(), notice.atMicros(), notice.code(), notice.detail()));
      case Frame.Heartbeat _ -> {}
      case Frame.Goodbye _ -> {}
      case Frame.Challenge _,
          Frame.Greeting _,
          Frame.Welcome _,
          Frame.ResumePoint _,
          Frame.Ack _,
          Frame.EndAck _,
          Frame.Pause _,
          Frame.Unpause _,
          Frame.Refusal _ ->
          throw new ProtocolException(
              RefusalCode.PROTOCOL,
              "frame: " + name(frame) + " (expected: one that a sender sends)");
    }
  }

  private void data(Session to, Frame.Data data) {
    long cost = FRAME_COST + data.bytes().length;
    gate.charge(cost);
    meter.receivedOutput(data.bytes().length);
    to.lane()
        .tell(
            new LaneMessage.Bytes(
                to, data.stream(), data.offset(), data.atMicros(), data.bytes(), cost));
  }

  private StreamIdentity identity(Frame.OpenStream open) {
    return new StreamIdentity(open.step(), node, open.task(), open.kind(), source);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    peer.flush();
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof IdleStateEvent idle) {
      if (idle.state() == IdleState.WRITER_IDLE) {
        ctx.writeAndFlush(new Frame.Heartbeat());
      } else if (gate.reading()) {
        ctx.close();
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (patience != null) {
      patience.cancel(false);
    }
    Session known = session;
    if (known != null) {
      known.lane().tell(new LaneMessage.Gone(known));
    }
    if (job != null) {
      doorkeeper.budgets().leave(job);
    }
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable root =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    switch (root) {
      case ProtocolException broken -> refuse(broken.code(), String.valueOf(broken.getMessage()));
      case IOException _ -> ctx.close();
      default -> {
        LOG.warn("connection from {} closed", ctx.channel().remoteAddress(), root);
        ctx.close();
      }
    }
  }

  private void refuse(RefusalCode code, String message) {
    peer.refuse(code, message);
  }

  private static String name(Frame frame) {
    return frame.getClass().getSimpleName();
  }
}

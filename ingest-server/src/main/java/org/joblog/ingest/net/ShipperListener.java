package org.joblog.ingest.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.lane.Lanes;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.jspecify.annotations.Nullable;

/**
 * The port at which shippers arrive. Safe for use by many threads.
 *
 * <p>Closing has two steps, with the lanes' drain between them: {@link #stopAccepting}, then {@link
 * #close}.
 */
public final class ShipperListener implements AutoCloseable {

  /** As much as one read may take from a socket: bounds what a stopped connection still holds. */
  private static final int READ_BYTES = 64 * 1024;

  /** What may wait to be written to one sender: acknowledgements are a few bytes each. */
  private static final WriteBufferWaterMark WRITE_BYTES = new WriteBufferWaterMark(16_384, 65_536);

  private static final AttributeKey<NetPeer> PEER = AttributeKey.valueOf(NetPeer.class, "peer");
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final NetSettings settings;
  private final NetMeter meter;
  private final Doorkeeper doorkeeper;
  private final Budget global;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final EventLoopGroup loops;
  private final @Nullable SslContext tls;
  private final Channel server;

  private ShipperListener(NetSettings settings, Lanes lanes, NetMeter meter) throws IOException {
    this.settings = settings;
    this.meter = meter;
    NetLimits limits = settings.limits();
    global = new Budget(limits.globalBytes());
    doorkeeper =
        new Doorkeeper(
            settings.secret(), settings.clusters(), new JobBudgets(limits.jobBytes()), lanes);
    tls = settings.tls() == null ? null : TlsContexts.server(settings.tls());
    loops =
        new MultiThreadIoEventLoopGroup(
            settings.threads(), new DefaultThreadFactory("net-io"), Transport.newFactory());
    server = bind();
  }

  /**
   * Listens.
   *
   * @throws IOException if the address is taken or a TLS file cannot be read
   */
  public static ShipperListener start(NetSettings settings, Lanes lanes, NetMeter meter)
      throws IOException {
    return new ShipperListener(settings, lanes, meter);
  }

  /** The address that it listens on. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  /** Bytes of all jobs that wait for their commit. */
  public long queuedBytes() {
    return global.usedBytes();
  }

  /** Direct memory that the network's allocator holds, bytes. */
  public static long directMemoryUsedBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  /** Direct memory that buffers are in use of right now, bytes. */
  public static long directMemoryPinnedBytes() {
    return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
  }

  /** No new connection, and no more reading from those that are there. */
  public void stopAccepting() {
    server.close().awaitUninterruptibly(CLOSE_WAIT.toMillis());
    connections.forEach(connection -> connection.config().setAutoRead(false));
  }

  /** Says goodbye to every sender and ends. */
  @Override
  public void close() {
    stopAccepting();
    for (Channel connection : connections) {
      NetPeer peer = connection.attr(PEER).get();
      if (peer != null) {
        peer.dismiss();
      }
    }
    connections.newCloseFuture().awaitUninterruptibly(CLOSE_WAIT.toMillis());
    loops
        .shutdownGracefully(0, CLOSE_WAIT.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * CLOSE_WAIT.toMillis());
  }

  private Channel bind() throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(Transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BYTES)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(4))
            .childHandler(new Initializer());
    var bound = bootstrap.bind(settings.address()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
      throw new IOException("cannot listen on " + settings.address(), bound.cause());
    }
    return bound.channel();
  }

  /** Builds the pipeline of a connection. */
  private final class Initializer extends ChannelInitializer<SocketChannel> {

    private final FrameEncoder encoder = new FrameEncoder();

    @Override
    protected void initChannel(SocketChannel channel) {
      NetLimits limits = settings.limits();
      if (tls != null) {
        channel.pipeline().addLast("tls", tls.newHandler(channel.alloc()));
      }
      channel.pipeline().addLast("encoder", encoder);
      if (connections.size() >= limits.connections()) {
        meter.refused(RefusalCode.FULL);
        channel.writeAndFlush(
            new Frame.Refusal(
                RefusalCode.FULL, "connections: > " + limits.connections() + "; come again"));
        channel.close();
        return;
      }
      connections.add(channel);
      meter.connections(1);
      channel.closeFuture().addListener(_ -> meter.connections(-1));
      addHandlers(channel, limits);
    }

    private void addHandlers(SocketChannel channel, NetLimits limits) {
      FrameDecoder[] decoder = new FrameDecoder[1];
      ReadGate gate =
          new ReadGate(channel, limits, global, meter, () -> resume(channel, decoder[0]));
      decoder[0] = new FrameDecoder(limits.maxBodyBytes(), gate);
      NetPeer peer = new NetPeer(channel, gate, limits, meter);
      channel.attr(PEER).set(peer);
      channel
          .pipeline()
          .addLast(
              "idle",
              new IdleStateHandler(
                  limits.silence().toMillis(),
                  limits.heartbeat().toMillis(),
                  0,
                  TimeUnit.MILLISECONDS))
          .addLast("decoder", decoder[0])
          .addLast("shipper", new ShipperHandler(doorkeeper, limits, meter, gate, peer));
    }

    private void resume(Channel channel, FrameDecoder decoder) {
      try {
        decoder.resume();
      } catch (Exception e) {
        channel.pipeline().fireExceptionCaught(e);
      }
    }
  }
}

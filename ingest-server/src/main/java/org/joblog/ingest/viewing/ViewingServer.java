package org.joblog.ingest.viewing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.joblog.ingest.identity.Authenticator;
import org.joblog.ingest.net.TlsContexts;
import org.joblog.ingest.reading.JobReader;
import org.jspecify.annotations.Nullable;

/**
 * Shows people their jobs: the page and the interface over HTTP (docs/viewing.md). Requests are
 * answered on virtual threads, at most one for each connection, which wait for the database and for
 * slow readers; the event loop never does. Safe for use by many threads.
 */
public final class ViewingServer implements AutoCloseable {

  /** How long closing waits for answers that are being written. */
  private static final long SHUTDOWN_SECONDS = 5;

  private final MultiThreadIoEventLoopGroup loops;
  private final ExecutorService workers;
  private final Channel channel;

  private ViewingServer(
      MultiThreadIoEventLoopGroup loops, ExecutorService workers, Channel channel) {
    this.loops = loops;
    this.workers = workers;
    this.channel = channel;
  }

  /**
   * Starts to answer.
   *
   * @param reader stays the caller's
   * @throws IOException if the address cannot be taken, or a file for TLS cannot be used
   */
  public static ViewingServer start(
      ViewingSettings settings,
      Authenticator authenticator,
      JobReader reader,
      InstantSource clock,
      ViewingMeter meter)
      throws IOException {
    @Nullable SslContext tls = settings.tls() == null ? null : TlsContexts.server(settings.tls());
    Routes routes =
        new Routes(new Login(settings, authenticator, clock), reader, settings.limits());
    ExecutorService workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("viewing-", 0).factory());
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("viewing-io", true), NioIoHandler.newFactory());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ViewingPipeline(
                    settings.limits(), tls, () -> new RequestHandler(routes, workers, meter)))
            .bind(settings.address())
            .awaitUninterruptibly();
    ViewingServer server = new ViewingServer(loops, workers, bound.channel());
    if (!bound.isSuccess()) {
      server.close();
      throw new IOException("viewing address " + settings.address() + ": " + bound.cause());
    }
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    loops
        .shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(2 * SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    workers.shutdownNow();
  }
}

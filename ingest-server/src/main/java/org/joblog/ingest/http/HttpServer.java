package org.joblog.ingest.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Answers Prometheus and health checks on a thread of its own, so that it answers also when all
 * else is busy. Safe for use by many threads.
 *
 * <pre>
 *   GET /metrics   200, the numbers in Prometheus' text format
 *   GET /healthz   200 "ok", or 503 and what is wrong: a restart may help
 *   GET /readyz    200 "ok", or 503 and what is wrong: do not send shippers here now
 * </pre>
 *
 * HEAD is answered as GET without the body; other methods with 405, other paths with 404.
 */
public final class HttpServer implements AutoCloseable {

  /** How long closing waits for answers that are being written. */
  private static final long SHUTDOWN_SECONDS = 5;

  private final MultiThreadIoEventLoopGroup loops;
  private final Channel channel;

  private HttpServer(MultiThreadIoEventLoopGroup loops, Channel channel) {
    this.loops = loops;
    this.channel = channel;
  }

  /**
   * Starts to answer.
   *
   * @param scrape gives the numbers; called on the event loop, must not wait
   * @throws IOException if the address cannot be taken
   */
  public static HttpServer start(
      HttpSettings settings, Supplier<String> scrape, HealthSource health) throws IOException {
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("http-io", true), NioIoHandler.newFactory());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childHandler(new HttpPipeline(settings.limits(), new Answers(scrape, health)))
            .bind(settings.address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
      throw new IOException("http address " + settings.address() + ": " + bound.cause());
    }
    return new HttpServer(loops, bound.channel());
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
  }
}

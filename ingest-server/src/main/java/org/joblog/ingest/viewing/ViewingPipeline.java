package org.joblog.ingest.viewing;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a viewer's connection goes through, and how many there may be. Safe for many event loops.
 */
final class ViewingPipeline extends ChannelInitializer<Channel> {

  private final ViewingLimits limits;
  private final @Nullable SslContext tls;
  private final Supplier<RequestHandler> handlers;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param handlers makes one for each connection
   */
  ViewingPipeline(
      ViewingLimits limits, @Nullable SslContext tls, Supplier<RequestHandler> handlers) {
    this.limits = limits;
    this.tls = tls;
    this.handlers = handlers;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    if (open.incrementAndGet() > limits.connections()) {
      channel.close();
      return;
    }
    long idleMillis = limits.idle().toMillis();
    channel.pipeline().addLast(new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    HttpDecoderConfig bounds =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.lineBytes())
            .setMaxHeaderSize(limits.headerBytes());
    channel
        .pipeline()
        .addLast(new HttpServerCodec(bounds))
        .addLast(new HttpContentCompressor())
        .addLast(new HttpObjectAggregator(limits.bodyBytes(), true))
        .addLast(handlers.get());
  }
}

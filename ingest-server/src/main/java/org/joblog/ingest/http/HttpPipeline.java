package org.joblog.ingest.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What a connection goes through, and how many there may be. Confined to the http-io thread. */
final class HttpPipeline extends ChannelInitializer<Channel> {

  private final HttpLimits limits;
  private final Answers answers;
  private final AtomicInteger open = new AtomicInteger();

  HttpPipeline(HttpLimits limits, Answers answers) {
    this.limits = limits;
    this.answers = answers;
  }

  @Override
  protected void initChannel(Channel channel) {
    channel.closeFuture().addListener(_ -> open.decrementAndGet());
    if (open.incrementAndGet() > limits.connections()) {
      channel.close();
      return;
    }
    HttpDecoderConfig bounds =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.requestLineBytes())
            .setMaxHeaderSize(limits.headerBytes());
    long idleMillis = limits.idle().toMillis();
    channel
        .pipeline()
        .addLast(new ReadTimeoutHandler(idleMillis, TimeUnit.MILLISECONDS))
        .addLast(new WriteTimeoutHandler(idleMillis, TimeUnit.MILLISECONDS))
        .addLast(new HttpServerCodec(bounds))
        .addLast(new RequestHandler(answers));
  }
}

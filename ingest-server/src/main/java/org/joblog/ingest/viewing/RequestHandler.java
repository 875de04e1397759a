package org.joblog.ingest.viewing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes a request, has it answered on a thread that may wait, and reads the next
 * one when the answer is written. Confined to its event loop.
 */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Routes routes;
  private final Executor workers;

  RequestHandler(Routes routes, Executor workers) {
    this.routes = routes;
    this.workers = workers;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest received) {
    boolean understood = received.decoderResult().isSuccess();
    Reply reply = new Reply(context.channel(), understood && HttpUtil.isKeepAlive(received));
    try {
      if (!understood) {
        throw new Refused(HttpResponseStatus.BAD_REQUEST, "request: not understood");
      }
      Request request = Request.of(received);
      workers.execute(() -> answer(reply, () -> routes.serve(request, reply)));
    } catch (Refused e) {
      workers.execute(
          () -> answer(reply, () -> reply.json(e.status(), JsonText.error(e.reason()))));
    }
  }

  private static void answer(Reply reply, Answering answering) {
    try {
      answering.run();
    } catch (IOException e) {
      LOG.debug("a reader left before the end of the answer", e);
    } finally {
      reply.release();
    }
  }

  private interface Answering {
    void run() throws IOException;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("a connection of a viewer ends", cause);
    context.close();
  }
}

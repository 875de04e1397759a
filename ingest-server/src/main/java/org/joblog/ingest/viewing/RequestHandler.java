package org.joblog.ingest.viewing;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: has its requests answered one after the other, on threads that may wait, and
 * reads no further one before the last is answered. Confined to its event loop.
 */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Routes routes;
  private final Executor workers;
  private final ViewingMeter meter;

  /** What came in one piece with the request that is being answered: at most one read of them. */
  private final Queue<Exchange> waiting = new ArrayDeque<>();

  private @Nullable Exchange current;

  RequestHandler(Routes routes, Executor workers, ViewingMeter meter) {
    this.routes = routes;
    this.workers = workers;
    this.meter = meter;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest received) {
    boolean understood = received.decoderResult().isSuccess();
    Reply reply = new Reply(context.channel(), understood && HttpUtil.isKeepAlive(received));
    Answering answering = answering(received, understood, reply);
    waiting.add(new Exchange(answering, reply));
    if (current == null) {
      goOn(context);
    }
  }

  private record Exchange(Answering answering, Reply reply) {}

  private Answering answering(FullHttpRequest received, boolean understood, Reply reply) {
    try {
      if (!understood) {
        throw new Refused(HttpResponseStatus.BAD_REQUEST, "request: not understood");
      }
      Request request = Request.of(received);
      return () -> routes.serve(request, reply);
    } catch (Refused e) {
      return () -> reply.json(e.status(), JsonText.error(e.reason()));
    }
  }

  /** Begins the next answer, or reads the next request. */
  private void goOn(ChannelHandlerContext context) {
    Exchange next = waiting.poll();
    current = next;
    if (next == null) {
      context.read();
    } else {
      workers.execute(() -> answer(context, next.answering, next.reply));
    }
  }

  /** On a thread of its own. */
  private void answer(ChannelHandlerContext context, Answering answering, Reply reply) {
    boolean whole = false;
    try {
      answering.run();
      whole = reply.isWhole();
    } catch (IOException e) {
      LOG.debug("a reader left before the end of the answer", e);
    } finally {
      reply.release();
      meter.answered(reply.outcome());
      if (whole && reply.keepsAlive()) {
        context.executor().execute(() -> goOn(context));
      } else {
        context.close();
      }
    }
  }

  private interface Answering {
    void run() throws IOException;
  }

  /** Nothing moved for long; that the database takes its time is no fault of who waits for it. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && (current == null || current.reply.waitsForReader())) {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("a connection of a viewer ends", cause);
    context.close();
  }
}

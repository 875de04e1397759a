package org.joblog.ingest.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.WriteTimeoutException;
import java.io.IOException;
import org.joblog.ingest.http.Answers.Answer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: answers a request when its head is there, throws its body away unread, and closes
 * after a request that cannot be understood. Confined to the http-io thread.
 */
final class RequestHandler extends SimpleChannelInboundHandler<HttpObject> {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final Answers answers;
  private @Nullable HttpRequest request;

  RequestHandler(Answers answers) {
    this.answers = answers;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      answerAndClose(context, badRequest());
      return;
    }
    if (part instanceof HttpRequest head) {
      request = head;
    }
    if (part instanceof LastHttpContent && request != null) {
      HttpRequest whole = request;
      request = null;
      answer(context, whole);
    }
  }

  private void answer(ChannelHandlerContext context, HttpRequest head) {
    String path = new QueryStringDecoder(head.uri()).rawPath();
    FullHttpResponse response = response(context, head.method(), answers.to(head.method(), path));
    if (HttpUtil.isKeepAlive(head)) {
      HttpUtil.setKeepAlive(response, true);
      context.writeAndFlush(response);
    } else {
      HttpUtil.setKeepAlive(response, false);
      context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static void answerAndClose(ChannelHandlerContext context, Answer answer) {
    FullHttpResponse response = response(context, HttpMethod.GET, answer);
    HttpUtil.setKeepAlive(response, false);
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  private static Answer badRequest() {
    return Answer.plain(HttpResponseStatus.BAD_REQUEST, "request not understood");
  }

  private static FullHttpResponse response(
      ChannelHandlerContext context, HttpMethod method, Answer answer) {
    int length = ByteBufUtil.utf8Bytes(answer.body());
    ByteBuf body =
        method.equals(HttpMethod.HEAD)
            ? Unpooled.EMPTY_BUFFER
            : ByteBufUtil.writeUtf8(context.alloc(), answer.body());
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), body);
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, answer.contentType())
        .setInt(HttpHeaderNames.CONTENT_LENGTH, length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    if (answer.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    boolean usual =
        cause instanceof IOException
            || cause instanceof ReadTimeoutException
            || cause instanceof WriteTimeoutException;
    if (!usual) {
      LOG.warn("http connection failed", cause);
    }
    context.close();
  }
}

package org.joblog.ingest.viewing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.joblog.ingest.reading.RowOutlet;

/**
 * The answer to one request. Every method waits until the network has taken what it writes, so a
 * slow reader slows the one who writes for them and nobody else. Confined to the thread that
 * answers the request.
 */
final class Reply implements RowOutlet {

  static final String JSON = "application/json; charset=utf-8";
  private static final String ROWS = "application/x-ndjson; charset=utf-8";

  /** Rows are gathered into pieces of this size. */
  private static final int PIECE_BYTES = 32 << 10;

  private final Channel channel;
  private final boolean keepAlive;
  private ByteBuf piece = Unpooled.EMPTY_BUFFER;
  private int status;

  /** Whether the network has not taken all yet; the event loop looks. */
  private volatile boolean waits;

  private boolean done;

  Reply(Channel channel, boolean keepAlive) {
    this.channel = channel;
    this.keepAlive = keepAlive;
  }

  /** Whether something has been written that cannot be taken back. */
  boolean hasBegun() {
    return status != 0;
  }

  /** The status of HTTP, 500 if it is not whole. */
  int outcome() {
    return done ? status : HttpResponseStatus.INTERNAL_SERVER_ERROR.code();
  }

  /** A whole answer. */
  void whole(HttpResponseStatus status, String type, byte[] body, Header... headers)
      throws IOException {
    this.status = status.code();
    done = true;
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
    describe(response, type, headers);
    if (!status.equals(HttpResponseStatus.NO_CONTENT)
        && !status.equals(HttpResponseStatus.NOT_MODIFIED)) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    await(channel.writeAndFlush(response));
  }

  /** A whole answer of one object. */
  void json(HttpResponseStatus status, String object, Header... headers) throws IOException {
    whole(status, JSON, (object + "\n").getBytes(StandardCharsets.UTF_8), headers);
  }

  /** A row of an answer that is written while it is read. */
  @Override
  public void row(String json) throws IOException {
    if (piece.capacity() == 0) {
      piece = channel.alloc().buffer(PIECE_BYTES);
    }
    piece.writeCharSequence(json, StandardCharsets.UTF_8);
    piece.writeByte('\n');
    if (piece.readableBytes() >= PIECE_BYTES) {
      writePiece();
    }
  }

  /** The end of rows; without a row the answer is empty. */
  void end() throws IOException {
    if (piece.isReadable() || !hasBegun()) {
      writePiece();
    }
    done = true;
    await(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
  }

  private void writePiece() throws IOException {
    if (!hasBegun()) {
      status = HttpResponseStatus.OK.code();
      HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      describe(head, ROWS);
      HttpUtil.setTransferEncodingChunked(head, true);
      channel.write(head);
    }
    ByteBuf full = piece;
    piece = Unpooled.EMPTY_BUFFER;
    await(channel.writeAndFlush(new DefaultHttpContent(full)));
  }

  private void describe(HttpResponse response, String type, Header... headers) {
    HttpHeaders all = response.headers();
    all.set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff")
        .set("referrer-policy", "no-referrer")
        .set("cross-origin-resource-policy", "same-origin");
    for (Header header : headers) {
      all.set(header.name(), header.value());
    }
    if (!keepAlive) {
      all.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  /** A further header of an answer. Immutable. */
  record Header(CharSequence name, String value) {}

  /** Whether it was written to its end. */
  boolean isWhole() {
    return done;
  }

  /** Whether another answer can follow on this connection. */
  boolean keepsAlive() {
    return keepAlive;
  }

  /** Gives back what was not written. */
  void release() {
    piece.release();
    piece = Unpooled.EMPTY_BUFFER;
  }

  /** Whether it is the reader who is waited for. */
  boolean waitsForReader() {
    return waits;
  }

  private void await(ChannelFuture written) throws IOException {
    waits = true;
    written.awaitUninterruptibly();
    waits = false;
    if (!written.isSuccess()) {
      throw new IOException("the reader is gone", written.cause());
    }
  }
}

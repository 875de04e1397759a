package org.joblog.ingest.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.Proof;
import org.joblog.schema.wire.ProtocolException;

/** A sender of frames on a plain socket, with no opinion of its own. */
final class RawSender implements AutoCloseable {

  private final Socket socket = new Socket();
  private final DataInputStream in;

  RawSender(InetSocketAddress address) throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", address.getPort()));
    socket.setSoTimeout(20_000);
    in = new DataInputStream(socket.getInputStream());
  }

  Socket socket() {
    return socket;
  }

  void send(Frame frame) throws IOException {
    send(bytes(frame));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  static byte[] bytes(Frame frame) {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    return bytes.array();
  }

  /** The next frame that is no heartbeat. */
  Frame receive() throws IOException {
    while (true) {
      Frame frame = receiveAny();
      if (!(frame instanceof Frame.Heartbeat)) {
        return frame;
      }
    }
  }

  Frame receiveAny() throws IOException {
    try {
      byte[] head = new byte[FrameCodec.HEADER_BYTES];
      in.readFully(head);
      FrameHeader header = FrameCodec.readHeader(ByteBuffer.wrap(head), 1 << 20);
      byte[] body = new byte[header.bodyBytes()];
      in.readFully(body);
      return FrameCodec.readBody(header, ByteBuffer.wrap(body));
    } catch (ProtocolException e) {
      throw new IOException(e);
    }
  }

  /** Whether the server closes the connection. */
  boolean closed() throws IOException {
    try {
      while (true) {
        receiveAny();
      }
    } catch (EOFException e) {
      return true;
    }
  }

  /** Greets for a job and waits for the answer. */
  Frame greet(String job, byte[] secret) throws IOException {
    Frame.Challenge challenge = (Frame.Challenge) receive();
    Frame.Greeting greeting = greeting(job);
    send(
        secret.length == 0
            ? greeting
            : greeting.withProof(Proof.of(secret, challenge.nonce(), greeting)));
    return receive();
  }

  static Frame.Greeting greeting(String job) {
    return new Frame.Greeting(
        1, "c", job, 0, "n1", "alice", 1000, "train", 0, 1, new byte[0], new byte[0]);
  }

  /** Opens a stream and waits for the offset to go on from. */
  long open(int stream, int task) throws IOException {
    send(new Frame.OpenStream(stream, 0, task, StreamKind.STDOUT));
    return ((Frame.ResumePoint) receive()).offset();
  }

  void data(int stream, long offset, String text) throws IOException {
    send(new Frame.Data(stream, offset, 1, text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

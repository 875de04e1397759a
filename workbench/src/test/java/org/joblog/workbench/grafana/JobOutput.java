package org.joblog.workbench.grafana;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.Ack;
import org.joblog.schema.wire.Frame.Challenge;
import org.joblog.schema.wire.Frame.Data;
import org.joblog.schema.wire.Frame.EndAck;
import org.joblog.schema.wire.Frame.EndOfJob;
import org.joblog.schema.wire.Frame.EndOfStream;
import org.joblog.schema.wire.Frame.Gap;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.Greeting;
import org.joblog.schema.wire.Frame.OpenStream;
import org.joblog.schema.wire.Frame.ResumePoint;
import org.joblog.schema.wire.Frame.Welcome;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.FrameHeader;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.schema.wire.WireLimits;

/** A job of one task that prints to a server, frame by frame. Confined to one thread. */
public final class JobOutput implements AutoCloseable {

  private static final int BATCH_STEP = 0;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final Map<StreamKind, Long> offsets = new EnumMap<>(StreamKind.class);
  private final Map<StreamKind, Long> committed = new EnumMap<>(StreamKind.class);
  private Instant now;

  /**
   * @param server where it listens
   * @param job id of the job
   * @param optIn what stands in its user's .logoptin
   * @param started when it started; the time of its output goes on from there
   */
  public JobOutput(InetSocketAddress server, String job, String user, String optIn, Instant started)
      throws IOException {
    socket.connect(new InetSocketAddress("127.0.0.1", server.getPort()));
    socket.setSoTimeout(20_000);
    in = new DataInputStream(socket.getInputStream());
    now = started;
    expect(Challenge.class);
    send(
        new Greeting(
            1, "c", job, 0, "n1", user, 1000, "train", micros(), 1, bytes(optIn), new byte[0]));
    expect(Welcome.class);
  }

  /** Lets time pass for this job. */
  public JobOutput later(long millis) {
    now = now.plusMillis(millis);
    return this;
  }

  public JobOutput print(String text) throws IOException {
    return print(StreamKind.STDOUT, text);
  }

  public JobOutput print(StreamKind kind, String text) throws IOException {
    long offset = opened(kind);
    byte[] bytes = bytes(text);
    send(new Data(kind.code(), offset, micros(), bytes));
    offsets.put(kind, offset + bytes.length);
    return this;
  }

  /** So many bytes are lost. */
  public JobOutput lose(int bytes) throws IOException {
    long offset = opened(StreamKind.STDOUT);
    long end = offset + bytes;
    send(new Gap(StreamKind.STDOUT.code(), offset, end, micros(), GapReason.SERVER_AWAY));
    offsets.put(StreamKind.STDOUT, end);
    return this;
  }

  /** Waits until everything that was printed is committed. */
  public JobOutput flush() throws IOException {
    while (!committed.equals(offsets)) {
      expect(Ack.class);
    }
    return this;
  }

  /** Ends the job, and waits until that is stored. */
  public void end(int exitCode) throws IOException {
    for (var stream : offsets.entrySet()) {
      send(new EndOfStream(stream.getKey().code(), stream.getValue(), micros()));
    }
    send(new EndOfJob(micros(), exitCode, 0));
    expect(EndAck.class);
  }

  private long opened(StreamKind kind) throws IOException {
    Long offset = offsets.get(kind);
    if (offset != null) {
      return offset;
    }
    send(new OpenStream(kind.code(), BATCH_STEP, 0, kind));
    long begin = expect(ResumePoint.class).offset();
    offsets.put(kind, begin);
    return begin;
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, now);
  }

  private void send(Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    socket.getOutputStream().write(bytes.array());
  }

  /** The next frame of a kind; others (heartbeats, acknowledgements) are passed over. */
  private <F extends Frame> F expect(Class<F> kind) throws IOException {
    try {
      while (true) {
        byte[] head = new byte[FrameCodec.HEADER_BYTES];
        in.readFully(head);
        FrameHeader header =
            FrameCodec.readHeader(ByteBuffer.wrap(head), WireLimits.MAX_BODY_BYTES);
        byte[] body = new byte[header.bodyBytes()];
        in.readFully(body);
        var frame = FrameCodec.readBody(header, ByteBuffer.wrap(body));
        if (frame instanceof Ack ack) {
          committed.put(StreamKind.of(ack.stream()), ack.offset());
        }
        if (kind.isInstance(frame)) {
          return kind.cast(frame);
        }
      }
    } catch (ProtocolException e) {
      throw new IOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

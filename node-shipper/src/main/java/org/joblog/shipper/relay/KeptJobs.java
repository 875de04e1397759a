package org.joblog.shipper.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.FrameCodec;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.shipper.link.Log;
import org.joblog.shipper.window.Piece;
import org.joblog.shipper.window.StreamName;
import org.joblog.shipper.window.StreamWindow;

/**
 * What an agent leaves to the next: a file for each job that is not done, with mode 0600. A file
 * holds frames, each with its checksum, in this order:
 *
 * <pre>
 *   Greeting
 *   for each stream:  OpenStream, Ack (the server has so much), ResumePoint (the agent had so much)
 *   Data, Gap, EndOfStream …        what is between the two
 *   EndOfJob                        how the steps ended that are over
 * </pre>
 *
 * A file stays until its job is done, so that nothing is lost if the next agent is killed: what the
 * server has by then is passed over. Confined to the agent's start, its end, and its clock.
 */
final class KeptJobs {

  private static final String SUFFIX = ".job";
  private static final int PAYLOAD_BYTES = 32 << 10;

  /** Older ones are of jobs that nobody waits for: as long as Slurm's own longest drains. */
  private static final Duration LONGEST_AGE = Duration.ofDays(7);

  /** A node runs fewer jobs; what is beyond is the oldest. */
  private static final int MOST_FILES = 1024;

  private final Path folder;
  private final Log log;

  KeptJobs(Path folder, Log log) {
    this.folder = folder;
    this.log = log;
  }

  private Path file(Frame.Greeting greeting) {
    JobKey key = JobKey.of(greeting);
    return folder.resolve(
        String.join(
                "~",
                key.cluster(),
                key.job(),
                String.valueOf(key.restart()),
                String.valueOf(key.uid()),
                Long.toHexString(key.source()))
            + SUFFIX);
  }

  /** Keeps a job whose link has stopped. */
  void save(CarriedJob job) {
    Path file = file(job.greeting());
    Path half = file.resolveSibling(file.getFileName() + ".half");
    try {
      Files.deleteIfExists(half);
      try (FileChannel out =
          FileChannel.open(
              half,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        write(job, out);
        out.force(false);
      }
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      log.say("job " + JobKey.of(job.greeting()) + " cannot be kept: " + e.getMessage());
    }
  }

  private static void write(CarriedJob job, FileChannel out) throws IOException {
    write(job.greeting(), out);
    List<StreamWindow> streams = job.window().streams();
    for (int i = 0; i < streams.size(); i++) {
      StreamWindow stream = streams.get(i);
      write(
          new Frame.OpenStream(i, stream.name().step(), stream.name().task(), stream.name().kind()),
          out);
      write(new Frame.Ack(i, stream.acknowledged()), out);
      write(new Frame.ResumePoint(i, stream.received()), out);
    }
    for (int i = 0; i < streams.size(); i++) {
      writePieces(i, streams.get(i), out);
    }
    write(job.status(), out);
  }

  private static void writePieces(int number, StreamWindow stream, FileChannel out)
      throws IOException {
    ByteBuffer payload = ByteBuffer.allocate(PAYLOAD_BYTES);
    stream.rewind(stream.acknowledged());
    boolean more = true;
    while (more) {
      switch (stream.take(payload.clear())) {
        case Piece.Bytes(long offset, long at) -> {
          byte[] bytes = new byte[payload.flip().remaining()];
          payload.get(bytes);
          write(new Frame.Data(number, offset, at, bytes), out);
        }
        case Piece.Lost(long from, long to, long at, Frame.GapReason reason) ->
            write(new Frame.Gap(number, from, to, at, reason), out);
        case Piece.Told(long at, Frame.NoticeCode code, long detail) ->
            write(new Frame.Notice(number, at, code, detail), out);
        case Piece.End(long length, long at) ->
            write(new Frame.EndOfStream(number, length, at), out);
        case Piece.Nothing _ -> more = false;
      }
    }
  }

  private static void write(Frame frame, FileChannel out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FrameCodec.encodedBytes(frame));
    FrameCodec.write(frame, bytes);
    bytes.flip();
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** A job is done: what was kept of it is not needed. */
  void forget(CarriedJob job) {
    delete(file(job.greeting()));
  }

  /** Takes up what the agent before has left; a file that is damaged costs its job alone. */
  void restore(Jobs jobs, long now) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> file.toString().endsWith(SUFFIX))
              .sorted(Comparator.comparing(KeptJobs::age).reversed())
              .toList();
    }
    Instant oldest = Instant.now().minus(LONGEST_AGE);
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (i >= MOST_FILES || age(file).toInstant().isBefore(oldest)) {
        log.say("kept job " + file.getFileName() + ": too old, or too many; given up");
        delete(file);
      } else {
        restore(file, jobs, now);
      }
    }
  }

  private static FileTime age(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  private void restore(Path file, Jobs jobs, long now) {
    try (FileChannel channel = FileChannel.open(file)) {
      FrameInput in = FrameInput.ofFile(channel, PAYLOAD_BYTES + FrameCodec.DATA_PREFIX_BYTES);
      if (!(in.next() instanceof Frame.Greeting greeting)) {
        throw new IOException("first frame (expected: a greeting)");
      }
      CarriedJob job = jobs.restored(greeting);
      new Restoring(job, now).read(in);
      log.say("job " + JobKey.of(greeting) + " is taken up from " + file.getFileName());
      job.start();
    } catch (IOException | ProtocolException | IllegalArgumentException e) {
      log.say("kept job " + file.getFileName() + " is lost: " + e.getMessage());
      delete(file);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.say(file.getFileName() + " cannot be deleted: " + e.getMessage());
    }
  }

  /** One job that is read. Confined to its call. */
  private static final class Restoring {
    private final CarriedJob job;
    private final long now;
    private final List<Frame.OpenStream> opened = new ArrayList<>();
    private final List<Long> acknowledged = new ArrayList<>();
    private final List<StreamWindow> streams = new ArrayList<>();
    private final List<Long> lengths = new ArrayList<>();

    Restoring(CarriedJob job, long now) {
      this.job = job;
      this.now = now;
    }

    /** Reads to the end, or to the first damage: what is missing then is a gap. */
    void read(FrameInput in) throws InterruptedException {
      try {
        boolean more = true;
        while (more) {
          more = take(in.next());
        }
      } catch (IOException | ProtocolException | IllegalArgumentException e) {
        for (int i = 0; i < lengths.size(); i++) {
          StreamWindow stream = streams.get(i);
          long from = stream.received();
          if (from < lengths.get(i)) {
            long at = job.greeting().startedMicros();
            stream.gap(from, lengths.get(i), at, Frame.GapReason.SPOOL_DAMAGED);
          }
        }
      }
    }

    /** Whether there is more. */
    private boolean take(Frame frame) throws InterruptedException {
      switch (frame) {
        case Frame.OpenStream open -> opened.add(open);
        case Frame.Ack(_, long offset) -> acknowledged.add(offset);
        case Frame.ResumePoint(int number, long offset) -> {
          Frame.OpenStream open = opened.get(number);
          streams.add(
              job.restore(
                  new StreamName(open.step(), open.task(), open.kind()),
                  acknowledged.get(number),
                  now));
          lengths.add(offset);
        }
        case Frame.Data(int stream, long offset, long at, byte[] bytes) ->
            streams.get(stream).append(offset, bytes, at);
        case Frame.Gap gap ->
            streams.get(gap.stream()).gap(gap.from(), gap.to(), gap.atMicros(), gap.reason());
        case Frame.Notice(int stream, long at, Frame.NoticeCode code, long detail) ->
            streams.get(stream).tell(at, code, detail);
        case Frame.EndOfStream(int stream, long length, long at) ->
            streams.get(stream).end(length, at);
        case Frame.EndOfJob end -> {
          job.ended(end);
          return false;
        }
        default -> throw new IllegalArgumentException("frame (expected: one that is kept)");
      }
      return true;
    }
  }
}

package org.joblog.workbench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A job: a real program, wrapped by the real shipper, in processes of their own. Its output goes
 * into files, as Slurm's would. Confined to one thread.
 *
 * @param id as users know it
 * @param process the shipper, which is the program's parent
 * @param out the job's own file for stdout
 * @param err the job's own file for stderr
 */
record DemoJob(String id, Process process, Path out, Path err) implements AutoCloseable {

  private static final long STOP_SECONDS = 10;

  /**
   * Where a job runs, and how long. Immutable.
   *
   * @param shipper the launch script
   * @param folder for its files
   * @param environment more variables for shipper and program
   */
  record Place(Path shipper, Path folder, Map<String, String> environment) {}

  /**
   * Starts the training program, opted in.
   *
   * @param id as users know it
   */
  static DemoJob start(String id, Place place, DemoServer server) throws IOException {
    Path home = Files.createDirectories(place.folder().resolve("home"));
    Files.writeString(home.resolve(".logoptin"), "mode: enabled\n");
    Path out = place.folder().resolve(id + ".out");
    Path err = place.folder().resolve(id + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    place.shipper().toString(),
                    "run",
                    "--server=" + server.address(),
                    "--secret-file=" + server.secret(),
                    "--cluster=demo",
                    "--job=" + id,
                    "--home=" + home,
                    "--",
                    "sh",
                    program(place.folder()).toString()))
            .redirectInput(new File("/dev/null"))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(place.environment());
    return new DemoJob(id, builder.start(), out, err);
  }

  private static Path program(Path folder) throws IOException {
    Path file = folder.resolve("training.sh");
    try (InputStream script =
        Objects.requireNonNull(DemoJob.class.getResourceAsStream("training.sh"))) {
      Files.copy(script, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  /** Ends the job, if it still runs. */
  @Override
  public void close() {
    process.destroy();
    // The handle's future is completed by the thread that reaps the process; the process's own
    // waits for a
    // thread of the common pool.
    ProcessHandle handle = process.toHandle();
    handle.onExit().completeOnTimeout(handle, STOP_SECONDS, TimeUnit.SECONDS).join();
    if (handle.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}

package org.joblog.ingest.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.render.LineWriter;
import org.joblog.ingest.render.Renderer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what would be stored of console output. Confined to the main thread. */
@Command(
    name = "render",
    description = {
      "Prints what joblog would store of console output, one line per line.",
      "The raw bytes are read from standard input: joblog render < slurm-4711.out"
    },
    mixinStandardHelpOptions = true)
final class RenderCommand implements Callable<Integer> {

  private static final int BUFFER_BYTES = 64 << 10;

  /** The height of the terminal that recordings usually come from. */
  private static final String TERMINAL_ROWS = "50";

  @Option(names = "--no-fold", description = "Leaves repeated and empty lines as they are.")
  private boolean noFold;

  @Option(
      names = "--chunk",
      paramLabel = "N",
      defaultValue = "65536",
      description = "Feeds N bytes at a time; the result is the same for every N.")
  private int chunk;

  @Option(
      names = "--json",
      description = "Prints an object per line: kind, text, count, colours, cut.")
  private boolean json;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = TERMINAL_ROWS,
      description =
          "Height of the terminal that the output was written for (default: ${DEFAULT-VALUE})."
              + " Rows above it cannot be changed any more. The server keeps 100, which makes a"
              + " difference only to programs that move the cursor by more than 50 rows.")
  private int rows;

  @Override
  public Integer call() throws CommandFailed {
    expect("--chunk", chunk, 1, 1 << 26);
    expect("--rows", rows, 1, 1000);
    try (OutputStream out =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES)) {
      LineWriter writer = new LineWriter(out, json);
      Renderer renderer =
          new Renderer(
              ConsoleLimits.DEFAULTS.withWindowRows(rows).withColours(json), !noFold, writer);
      feed(new FileInputStream(FileDescriptor.in), renderer, writer);
      renderer.end();
      writer.check();
    } catch (IOException e) {
      throw new CommandFailed(Joblog.FAILED, "render: " + e.getMessage());
    }
    return Joblog.DONE;
  }

  private static void expect(String option, int value, int least, int most) throws CommandFailed {
    if (value < least || value > most) {
      throw new CommandFailed(
          Joblog.WRONG_USE, option + ": " + value + " (expected: " + least + " to " + most + ")");
    }
  }

  private void feed(InputStream in, Renderer renderer, LineWriter writer) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      for (int from = 0; from < read; from += chunk) {
        renderer.push(buffer, from, Math.min(read, from + chunk));
      }
      writer.check();
    }
  }
}

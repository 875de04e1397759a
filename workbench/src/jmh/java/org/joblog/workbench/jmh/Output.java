package org.joblog.workbench.jmh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What programs print, a megabyte of each kind. */
public enum Output {
  /** Lines of about 90 bytes, all different. */
  PLAIN {
    @Override
    void fill(ByteArrayOutputStream out, Random random) {
      String line =
          String.format(
              Locale.ROOT,
              "2026-11-22 10:%02d:%02d,%03d INFO trainer: step %7d loss %.7f lr %.6f (%d samples/s)%n",
              random.nextInt(60),
              random.nextInt(60),
              random.nextInt(1000),
              random.nextInt(10_000_000),
              random.nextDouble(),
              random.nextDouble(),
              random.nextInt(10_000));
      out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    }
  },
  /** A bar of a hundred states by carriage returns, in ASCII, then a line feed. */
  BARS {
    @Override
    void fill(ByteArrayOutputStream out, Random random) {
      bar(out, "#", 1);
    }
  },
  /** The same with the blocks of tqdm, three bytes each. */
  UNICODE_BARS {
    @Override
    void fill(ByteArrayOutputStream out, Random random) {
      bar(out, "█", 1);
    }
  },
  /** Recordings of programs that draw with escape sequences. */
  ESCAPES {
    @Override
    void fill(ByteArrayOutputStream out, Random random) {
      for (String name : RECORDINGS) {
        out.writeBytes(recording(name));
        out.writeBytes("\r\n\u001b[r\u001b[50;1H".getBytes(StandardCharsets.US_ASCII));
      }
    }
  };

  private static final int SIZE = 1 << 20;
  private static final List<String> RECORDINGS =
      List.of(
          "rich_forced_pipe",
          "hyperfine",
          "listr2_tasks",
          "restic",
          "rich_status",
          "ora_spin",
          "tqdm_nested",
          "enlighten_multi");

  abstract void fill(ByteArrayOutputStream out, Random random);

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Random random = new Random(42);
    while (out.size() < SIZE) {
      fill(out, random);
    }
    return out.toByteArray();
  }

  /** As an emulator behind a terminal line gets it. */
  String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n").replace("\n", "\r\n");
  }

  private static void bar(ByteArrayOutputStream out, String block, int step) {
    for (int percent = 0; percent <= 100; percent += step) {
      String line =
          String.format(
              Locale.ROOT,
              "\repoch 7: %3d%%|%s%s| %d/1000 [00:%02d<00:%02d, 12.34it/s]",
              percent,
              block.repeat(percent / 2),
              " ".repeat(50 - percent / 2),
              percent * 10,
              percent / 2,
              50 - percent / 2);
      out.writeBytes(line.getBytes(StandardCharsets.UTF_8));
    }
    out.write('\n');
  }

  private static byte[] recording(String name) {
    String resource = "/console/corpus/" + name + ".raw";
    try (InputStream in = Output.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + resource + " (expected: on the class path)");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

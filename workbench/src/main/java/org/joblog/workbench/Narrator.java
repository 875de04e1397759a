package org.joblog.workbench;

import java.io.PrintStream;
import java.util.Locale;

/** Says what is being done, while it is done. Confined to one thread. */
final class Narrator {

  private static final int NAME = 12;

  private final PrintStream out;
  private long began;

  Narrator(PrintStream out) {
    this.out = out;
  }

  /** Something begins that takes a while. */
  void step(String name, String doing) {
    began = System.nanoTime();
    out.printf(Locale.ROOT, "%-" + NAME + "s %s ...%n", name, doing);
  }

  /** It is done, with this result. */
  void done(String result) {
    double seconds = (System.nanoTime() - began) / 1e9;
    out.printf(Locale.ROOT, "%-" + NAME + "s %s (%.1f s)%n%n", "", result, seconds);
  }

  void title(String title) {
    out.printf(Locale.ROOT, "%n== %s ==%n", title);
  }

  void line(String line) {
    out.printf(Locale.ROOT, "%-" + NAME + "s %s%n", "", line);
  }

  /** A text as it is, from the first column. */
  void text(String text) {
    out.print(text);
    out.flush();
  }
}

package org.joblog.ingest.render;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.joblog.ingest.console.Row;
import org.joblog.ingest.repeat.Fold;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a stream: their text, or an object for each. Confined to the thread of its
 * caller.
 *
 * <pre>
 *   {"kind":"text","text":"loss 0.1","colours":"loss \u005Cu001b[32m0.1\u005Cu001b[0m"}
 *   {"kind":"repeat","text":"[previous line repeated 41 more times]","count":41}
 *   {"kind":"text","text":"…[+9 bytes]","cut":9}
 * </pre>
 */
public final class LineWriter implements Fold.Outlet {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;
  private final boolean objects;
  private @Nullable IOException failure;

  /**
   * A writer.
   *
   * @param out where to write; one that buffers
   * @param objects whether to write objects
   */
  public LineWriter(OutputStream out, boolean objects) {
    this.out = out;
    this.objects = objects;
  }

  /** Writes a line; what fails is told by {@link #check}. */
  @Override
  public void line(Row line, long repeats) {
    if (failure == null) {
      try {
        if (objects) {
          writeObject(line, repeats);
        } else {
          out.write(line.bytes(), line.from(), line.to() - line.from());
        }
        out.write('\n');
      } catch (IOException e) {
        failure = e;
      }
    }
  }

  /**
   * Tells whether everything was written.
   *
   * @throws IOException the first failure
   */
  public void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  private void writeObject(Row line, long repeats) throws IOException {
    ascii("{\"kind\":\"");
    ascii(line.kind().name().toLowerCase(Locale.ROOT));
    ascii("\",\"text\":\"");
    escaped(line.bytes(), line.from(), line.to());
    ascii("\"");
    if (line.kind() == LineKind.REPEAT) {
      ascii(",\"count\":" + repeats);
    }
    String colours = line.ansi();
    if (colours != null) {
      byte[] bytes = colours.getBytes(StandardCharsets.UTF_8);
      ascii(",\"colours\":\"");
      escaped(bytes, 0, bytes.length);
      ascii("\"");
    }
    if (line.cutBytes() > 0) {
      ascii(",\"cut\":" + line.cutBytes());
    }
    ascii("}");
  }

  private void escaped(byte[] bytes, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b == '"' || b == '\\') {
        out.write('\\');
        out.write(b);
      } else if (b >= 0 && b < ' ') {
        ascii("\\u00");
        out.write(HEX[b >> 4]);
        out.write(HEX[b & 15]);
      } else {
        out.write(b);
      }
    }
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}

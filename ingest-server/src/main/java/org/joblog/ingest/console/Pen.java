package org.joblog.ingest.console;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A style in one int, with the 16 base colours: bits 0-4 foreground (0 none, else colour + 1), bits
 * 5-9 background likewise, bit 10 bold, bit 11 italic, bit 12 underlined. Immutable.
 */
final class Pen {

  static final int PLAIN = 0;

  private static final int COLOUR = 31;
  private static final int BACKGROUND_SHIFT = 5;
  private static final int BOLD = 1 << 10;
  private static final int ITALIC = 1 << 11;
  private static final int UNDERLINE = 1 << 12;

  /** Levels of xterm's 6x6x6 colour cube. */
  private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

  /** xterm's base colours. */
  private static final int[] BASE = {
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF
  };

  private Pen() {}

  /** The style after a select-graphic-rendition sequence. */
  static int select(int pen, Parameters parameters) {
    int result = pen;
    int i = 0;
    while (i < parameters.count()) {
      int code = parameters.get(i);
      if (code == 38 || code == 48) {
        int colour = extended(parameters, i);
        if (colour >= 0) {
          result = code == 38 ? foreground(result, colour) : background(result, colour);
        }
        i = afterExtended(parameters, i);
      } else {
        boolean off = code == 4 && parameters.isPart(i + 1) && parameters.get(i + 1) == 0;
        result = off ? result & ~UNDERLINE : simple(result, code);
        i = afterParts(parameters, i);
      }
    }
    return result;
  }

  private static int simple(int pen, int code) {
    return switch (code) {
      case 0 -> PLAIN;
      case 1 -> pen | BOLD;
      case 3 -> pen | ITALIC;
      case 4, 21 -> pen | UNDERLINE;
      case 22 -> pen & ~BOLD;
      case 23 -> pen & ~ITALIC;
      case 24 -> pen & ~UNDERLINE;
      case 39 -> pen & ~COLOUR;
      case 49 -> pen & ~(COLOUR << BACKGROUND_SHIFT);
      default -> colour(pen, code);
    };
  }

  private static int colour(int pen, int code) {
    if (code >= 30 && code <= 37) {
      return foreground(pen, code - 30);
    }
    if (code >= 40 && code <= 47) {
      return background(pen, code - 40);
    }
    if (code >= 90 && code <= 97) {
      return foreground(pen, code - 90 + 8);
    }
    return code >= 100 && code <= 107 ? background(pen, code - 100 + 8) : pen;
  }

  private static int foreground(int pen, int colour) {
    return (pen & ~COLOUR) | (colour + 1);
  }

  private static int background(int pen, int colour) {
    return (pen & ~(COLOUR << BACKGROUND_SHIFT)) | ((colour + 1) << BACKGROUND_SHIFT);
  }

  /** The base colour that {@code 38;5;n} or {@code 38;2;r;g;b} means, or -1. */
  private static int extended(Parameters parameters, int at) {
    int kind = parameters.get(at + 1);
    if (kind == 5) {
      return ofPalette(parameters.get(at + 2));
    }
    if (kind != 2) {
      return -1;
    }
    // With colons a colour space may stand before the colour: 38:2::r:g:b.
    int first = parameters.isPart(at + 1) && parameters.isPart(at + 5) ? at + 3 : at + 2;
    return nearest(parameters.get(first), parameters.get(first + 1), parameters.get(first + 2));
  }

  private static int afterExtended(Parameters parameters, int at) {
    if (parameters.isPart(at + 1)) {
      return afterParts(parameters, at);
    }
    return switch (parameters.get(at + 1)) {
      case 5 -> at + 3;
      case 2 -> at + 5;
      default -> at + 2;
    };
  }

  private static int afterParts(Parameters parameters, int at) {
    int next = at + 1;
    while (next < parameters.count() && parameters.isPart(next)) {
      next++;
    }
    return next;
  }

  private static int ofPalette(int index) {
    if (index < 16) {
      return index;
    }
    if (index > 255) {
      return -1;
    }
    if (index >= 232) {
      int grey = 8 + (index - 232) * 10;
      return nearest(grey, grey, grey);
    }
    int cube = index - 16;
    return nearest(CUBE[cube / 36], CUBE[cube / 6 % 6], CUBE[cube % 6]);
  }

  private static int nearest(int red, int green, int blue) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < BASE.length; i++) {
      long r = (long) red - (BASE[i] >> 16);
      long g = (long) green - ((BASE[i] >> 8) & 0xFF);
      long b = (long) blue - (BASE[i] & 0xFF);
      long distance = r * r + g * g + b * b;
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  /**
   * Appends the sequences that begin a style, one parameter each: the form that Grafana recognises
   * and renders.
   */
  static void begin(int pen, StringBuilder out) {
    flag(pen, BOLD, "\u001b[1m", out);
    flag(pen, ITALIC, "\u001b[3m", out);
    flag(pen, UNDERLINE, "\u001b[4m", out);
    colour((pen & COLOUR) - 1, 30, 90, out);
    colour(((pen >> BACKGROUND_SHIFT) & COLOUR) - 1, 40, 100, out);
  }

  private static void flag(int pen, int flag, String sequence, StringBuilder out) {
    if ((pen & flag) != 0) {
      out.append(sequence);
    }
  }

  private static void colour(int colour, int dark, int bright, StringBuilder out) {
    if (colour >= 0) {
      out.append("\u001b[").append(colour < 8 ? dark + colour : bright + colour - 8).append('m');
    }
  }

  /** Appends the sequence that ends every style. */
  static void end(StringBuilder out) {
    out.append("\u001b[0m");
  }

  /** The canonical form: each style begun and ended within the row, one parameter a sequence. */
  static @Nullable String colour(byte[] bytes, int from, int to, int[] styles) {
    StringBuilder out = new StringBuilder();
    int at = from;
    int pen = PLAIN;
    boolean any = false;
    for (int i = 0; i < styles.length && from + styles[i] < to; i += 2) {
      append(bytes, at, from + styles[i], out);
      at = from + styles[i];
      if (pen != PLAIN) {
        end(out);
      }
      pen = styles[i + 1];
      begin(pen, out);
      any |= pen != PLAIN;
    }
    append(bytes, at, to, out);
    if (pen != PLAIN) {
      end(out);
    }
    return any ? out.toString() : null;
  }

  private static void append(byte[] bytes, int from, int to, StringBuilder out) {
    out.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
  }
}

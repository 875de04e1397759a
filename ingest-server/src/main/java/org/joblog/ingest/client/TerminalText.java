package org.joblog.ingest.client;

import java.util.regex.Pattern;

/**
 * Text of a job for a terminal: nothing in it can do anything to the terminal but colour itself.
 * Immutable.
 */
public final class TerminalText {

  /** Select Graphic Rendition (ECMA-48, 8.3.117): colours, bold and the like. */
  private static final String COLOURS = "\u001b\\[[0-9;:]*m";

  /**
   * Other sequences: of control (CSI), of an operating system and the like (OSC), of two
   * characters.
   */
  private static final String SEQUENCES =
      "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b[]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|\u001b[ -/]*[0-~]?";

  private static final Pattern ALL = Pattern.compile(SEQUENCES);
  private static final Pattern OTHERS = Pattern.compile("(" + COLOURS + ")|" + SEQUENCES);

  /**
   * C0 but the tabulator and what is left of ESC, DEL, C1, and what turns the direction of text.
   */
  private static final Pattern CONTROLS =
      Pattern.compile(
          "[\u0000-\u0008\\n-\u001a\u001c-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]");

  private static final String RESET = "\u001b[0m";

  private TerminalText() {}

  /** Text without colours. */
  public static String plain(String text) {
    return CONTROLS.matcher(ALL.matcher(text).replaceAll("")).replaceAll("\ufffd");
  }

  /** Text with its colours, which end with it. */
  public static String coloured(String text) {
    String kept = OTHERS.matcher(text).replaceAll("$1");
    String safe = CONTROLS.matcher(kept).replaceAll("\ufffd");
    return safe.indexOf('\u001b') < 0 ? safe : safe + RESET;
  }
}

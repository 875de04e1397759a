package org.joblog.ingest.render;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Console output that no program prints: text and sequences thrown together. */
final class RandomOutput {

  private static final List<String> TEXT =
      List.of(
          "a", "bc", "hello", "12345", "foo bar", "   ", "{\"a\":1}", "longer text here", "====>");
  private static final List<String> UNICODE =
      List.of("é", "日本", "█▌", "e\u0301", "\u0301", "한글", "😀", "\u2028", "\u0085", "\u009b3D");
  private static final List<String> LINES = List.of("\r", "\n", "\r\n", "\n", "\r");
  private static final List<String> MOTION =
      List.of(
          "\b",
          "\b\b\b",
          "\t",
          "\u001b[A",
          "\u001b[2A",
          "\u001b[B",
          "\u001b[3C",
          "\u001b[2D",
          "\u001b[E",
          "\u001b[2F",
          "\u001b[G",
          "\u001b[7G",
          "\u001b[5`",
          "\u001b[4d",
          "\u001b[2e",
          "\u001b[3a",
          "\u001b[I",
          "\u001b[Z",
          "\u001b[2;3H",
          "\u001b[f",
          "\u001bM",
          "\u001bD",
          "\u001bE",
          "\u000b",
          "\f",
          "\u001b7",
          "\u001b8",
          "\u001b[s",
          "\u001b[u",
          "\u001b[40C");
  private static final List<String> NOT_COMMON =
      List.of("\t", "\u001b[I", "\u001b[Z", "\u001b[s", "\u001b[u", "\u001b[f");
  private static final List<String> EDITS =
      List.of(
          "\u001b[K",
          "\u001b[1K",
          "\u001b[2K",
          "\u001b[J",
          "\u001b[1J",
          "\u001b[3X",
          "\u001b[P",
          "\u001b[2@",
          "\u001b[L",
          "\u001b[2M",
          "\u001b[4h",
          "\u001b[4l",
          "\u001b[4l",
          "x\u001b[3b");
  private static final List<String> STYLE =
      List.of(
          "\u001b[31m",
          "\u001b[1;4;92m",
          "\u001b[0m",
          "\u001b[m",
          "\u001b[38;5;200m",
          "\u001b[48:2::1:2:3m");
  private static final List<String> STATE =
      List.of(
          "\u001b[2;9r",
          "\u001b[r",
          "\u001b[?6h",
          "\u001b[?6l",
          "\u001b[T",
          "\u001b[2S",
          "\u001bH",
          "\u001b[3g",
          "\u001b(0",
          "\u001b(B",
          "\u000e",
          "\u000f",
          "\u001b)0");
  private static final List<String> WINDOWS =
      List.of(
          "\u001b[2J",
          "\u001b[H\u001b[J",
          "\u001b[?1049h",
          "\u001b[?1049l",
          "\u001b[?47h",
          "\u001b[?47l",
          "\u001bc");
  private static final List<String> NOTHING =
      List.of(
          "\u001b]0;title\u0007",
          "\u001b]8;;x\u001b\\",
          "\u001b_apc\u0007",
          "\u001bPdcs\u001b\\",
          "\u001b[?25l",
          "\u001b[>4m",
          "\u001b[3",
          "\u001b",
          "\u0000",
          "\u0007",
          "\u001b[99999C",
          "\u001b]open\n",
          "\u0018");

  private final Random random;

  RandomOutput(long seed) {
    random = new Random(seed);
  }

  /** Output of everything there is, with bytes that are no UTF-8. */
  byte[] everything(int parts) {
    return of(
        parts, List.of(TEXT, UNICODE, LINES, LINES, MOTION, EDITS, STYLE, STATE, WINDOWS, NOTHING));
  }

  /** Output of what other emulators do in the same way, as UTF-8. */
  byte[] common(int parts) {
    List<String> motion = MOTION.stream().filter(each -> !NOT_COMMON.contains(each)).toList();
    return of(parts, List.of(TEXT, TEXT, LINES, LINES, motion, EDITS.subList(0, 8), STYLE));
  }

  private byte[] of(int parts, List<List<String>> kinds) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean broken = kinds.contains(NOTHING);
    for (int i = 0; i < parts; i++) {
      out.writeBytes(pick(pick(kinds)).getBytes(StandardCharsets.UTF_8));
      if (broken && random.nextInt(20) == 0) {
        out.write(random.nextInt(256));
      }
    }
    return out.toByteArray();
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}

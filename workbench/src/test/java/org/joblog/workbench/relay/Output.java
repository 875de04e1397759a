package org.joblog.workbench.relay;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.joblog.schema.wire.Frame;

/** What a command prints, and what is left of it where gaps were declared. */
final class Output {

  /** More than any ring or window holds, so that something has to give. */
  static final String PRINT_12_MB = "seq -f '%011.0f' 1000000";

  static final int PRINTED = 12_000_000;

  private Output() {}

  /** What {@link #PRINT_12_MB} prints. */
  static byte[] printed() {
    byte[] bytes = new byte[PRINTED];
    byte[] line = "00000000000\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int at = 0; at < PRINTED; at += line.length) {
      int digit = line.length - 2;
      while (line[digit] == '9') {
        line[digit--] = '0';
      }
      line[digit]++;
      System.arraycopy(line, 0, bytes, at, line.length);
    }
    return bytes;
  }

  static boolean isPrinted(byte[] bytes) {
    return Arrays.equals(bytes, printed());
  }

  /** The bytes outside of the gaps. */
  static byte[] without(List<Frame.Gap> gaps, byte[] printed) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    int at = 0;
    for (Frame.Gap gap : gaps) {
      kept.write(printed, at, (int) gap.from() - at);
      at = (int) gap.to();
    }
    kept.write(printed, at, printed.length - at);
    return kept.toByteArray();
  }
}

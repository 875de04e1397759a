package org.joblog.ingest.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, written as {@code 64MiB}. Immutable.
 *
 * @param bytes from 0
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

  static final String EXPECTATION = "a size such as 512B, 64KiB, 32MiB, 4GiB, 1TiB";

  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(B|KiB|MiB|GiB|TiB)");
  private static final String UNITS = "BKMGT";

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("size: " + bytes + " (expected: >= 0)");
    }
  }

  /**
   * Reads a size with its unit.
   *
   * @throws IllegalArgumentException if it is none, or has no unit, or does not fit in 63 bits
   */
  public static ByteSize parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(text + " (expected: " + EXPECTATION + ")");
    }
    int shift = 10 * UNITS.indexOf(form.group(2).charAt(0));
    long count = Long.parseLong(form.group(1));
    if (count > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException(text + " (expected: less than 8388608TiB)");
    }
    return new ByteSize(count << shift);
  }

  /** The bytes as an int. */
  public int asInt() {
    return Math.toIntExact(bytes);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** With the largest unit that divides it. */
  @Override
  public String toString() {
    int power = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, 4);
    String unit = power == 0 ? "B" : UNITS.charAt(power) + "iB";
    return String.format(Locale.ROOT, "%d%s", bytes >> (10 * power), unit);
  }
}

package org.joblog.ingest.metadata;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One number of a metadata record. Immutable.
 *
 * @param key dotted key, as in {@code val.acc}
 * @param isInteger whether it was written as an integer and fits into 64 bits; its exact value is
 *     {@code integer}
 * @param integer the exact value of an integer, else 0
 * @param number the value as a double; finite
 * @param spelling how it was written, if that is another decimal than the shortest that reads as
 *     {@code number}; without exponent, of at most {@link #SPELLING} characters. Null for an
 *     integer, and for most others
 */
public record NumericValue(
    String key, boolean isInteger, long integer, double number, @Nullable String spelling) {

  /** Twice the digits that a double can tell apart: more is noise, and costs memory. */
  private static final int SPELLING = 34;

  /** From here on a double skips integers. */
  private static final double EXACT = 1L << 53;

  /**
   * A number as it was read. Near 8e11 a double cannot tell .1761 from .1762: the text can. An
   * exponent may have any number of digits, and no decimal holds 0e99999999999.
   */
  static NumericValue ofText(
      String key, String text, boolean isInteger, long integer, double number) {
    boolean kept =
        !isInteger
            && Math.abs(number) < EXACT
            && text.length() <= SPELLING
            && text.chars().allMatch(c -> c != 'e' && c != 'E')
            && !text.equals(Double.toString(number));
    return new NumericValue(key, isInteger, integer, number, kept ? text : null);
  }

  /** Compares the exact values, also where they are equal as doubles. */
  int compareValue(NumericValue other) {
    if (isInteger && other.isInteger) {
      return Long.compare(integer, other.integer);
    }
    if (number != other.number || Math.abs(number) < EXACT) {
      return number < other.number ? -1 : number > other.number ? 1 : 0;
    }
    return exact().compareTo(other.exact());
  }

  /**
   * The exact value; for a double below 2^53 the decimal that was written, or the shortest that
   * reads as the same double.
   */
  BigDecimal exact() {
    if (isInteger) {
      return BigDecimal.valueOf(integer);
    }
    if (spelling != null) {
      return new BigDecimal(spelling);
    }
    return Math.abs(number) < EXACT ? BigDecimal.valueOf(number) : new BigDecimal(number);
  }

  /** The value that {@link #exact} made. */
  static NumericValue ofExact(String key, BigDecimal exact) {
    double number = exact.doubleValue();
    boolean fits =
        Math.abs(number) <= 0x1p63
            && exact.stripTrailingZeros().scale() <= 0
            && exact.toBigInteger().bitLength() < Long.SIZE;
    return ofText(key, exact.toPlainString(), fits, fits ? exact.longValue() : 0, number);
  }
}

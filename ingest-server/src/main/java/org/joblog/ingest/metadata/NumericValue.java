package org.joblog.ingest.metadata;

import java.math.BigDecimal;

/**
 * One number of a metadata record. Immutable.
 *
 * @param key dotted key, as in {@code val.acc}
 * @param isInteger whether it was written as an integer and fits into 64 bits; its exact value is
 *     {@code integer}
 * @param integer the exact value of an integer, else 0
 * @param number the value as a double; finite
 */
public record NumericValue(String key, boolean isInteger, long integer, double number) {

  /** From here on a double skips integers. */
  private static final double EXACT = 1L << 53;

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
   * The exact value; for a double below 2^53 the shortest decimal that reads as the same double.
   */
  BigDecimal exact() {
    if (isInteger) {
      return BigDecimal.valueOf(integer);
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
    return new NumericValue(key, fits, fits ? exact.longValue() : 0, number);
  }
}

package org.joblog.ingest.metadata;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is known of all values of one metadata key of a job, kept in O(1) per value. Immutable.
 *
 * <p>Only finite numbers count as values. A key may have none: then it has no class and no graph,
 * but a newest text.
 *
 * @param key dotted key
 * @param count how many finite numbers
 * @param holes how many numbers that no graph can show: NaN, infinities, out of range
 * @param allIntegers whether every finite number was an integer of at most 64 bits
 * @param increased whether a number was ever above the one before it
 * @param decreased whether a number was ever below the one before it
 * @param first first finite number, exactly, or null if there is none
 * @param last newest finite number, exactly, or null if there is none
 * @param min least finite number, exactly, or null if there is none
 * @param max greatest finite number, exactly, or null if there is none
 * @param lastSequence sequence number of the newest record with this key
 * @param lastAtMicros when that record was printed, microseconds since the epoch
 * @param lastText the newest value in that record if it is not a finite number, cut to a bound;
 *     null if it is one
 */
public record KeyStatistics(
    String key,
    long count,
    long holes,
    boolean allIntegers,
    boolean increased,
    boolean decreased,
    @Nullable BigDecimal first,
    @Nullable BigDecimal last,
    @Nullable BigDecimal min,
    @Nullable BigDecimal max,
    long lastSequence,
    long lastAtMicros,
    @Nullable String lastText) {

  /** Its place among the candidates for the X axis. */
  public XClass xClass() {
    return XClass.of(this);
  }
}

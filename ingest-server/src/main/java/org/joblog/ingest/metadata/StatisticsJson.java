package org.joblog.ingest.metadata;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the statistics that the newest record of a job carries, as one JSON array with an array
 * for each key: short, because they are written with every commit. Decimals keep their digits.
 *
 * <pre>
 *  key, count, holes, flags, class, last, first, min, max,
 *  records before the newest, microseconds before the newest, text
 *  flags: 1 all integers | 2 increased | 4 decreased
 *  first, min, max: null if equal to last
 * </pre>
 */
public final class StatisticsJson {

  private static final int ALL_INTEGERS = 1;
  private static final int INCREASED = 2;
  private static final int DECREASED = 4;

  /** About what the statistics of a key take. */
  private static final int CHARACTERS_EACH = 100;

  private final StringBuilder out;
  private final long newestSequence;
  private final long newestMicros;

  private StatisticsJson(StringBuilder out, long newestSequence, long newestMicros) {
    this.out = out;
    this.newestSequence = newestSequence;
    this.newestMicros = newestMicros;
  }

  /**
   * The text, which PostgreSQL's json accepts.
   *
   * @param newestSequence of the record that carries them
   * @param newestMicros the newest time of its block, microseconds since the epoch
   */
  public static String of(List<KeyStatistics> statistics, long newestSequence, long newestMicros) {
    StringBuilder out = new StringBuilder(statistics.size() * CHARACTERS_EACH + 2).append('[');
    StatisticsJson json = new StatisticsJson(out, newestSequence, newestMicros);
    for (int i = 0; i < statistics.size(); i++) {
      json.append(i == 0 ? "[" : ",[", statistics.get(i));
    }
    return out.append(']').toString();
  }

  private void append(String begin, KeyStatistics known) {
    JsonText.appendString(out.append(begin), known.key());
    out.append(',').append(known.count());
    out.append(',').append(known.holes());
    out.append(',').append(flags(known));
    out.append(',').append(known.xClass().code());
    BigDecimal last = known.last();
    append(last, null);
    append(known.first(), last);
    append(known.min(), last);
    append(known.max(), last);
    out.append(',').append(newestSequence - known.lastSequence());
    out.append(',').append(newestMicros - known.lastAtMicros());
    String text = known.lastText();
    if (text != null) {
      JsonText.appendString(out.append(','), text);
    }
    out.append(']');
  }

  private static int flags(KeyStatistics known) {
    return (known.allIntegers() ? ALL_INTEGERS : 0)
        | (known.increased() ? INCREASED : 0)
        | (known.decreased() ? DECREASED : 0);
  }

  private void append(@Nullable BigDecimal value, @Nullable BigDecimal last) {
    out.append(',');
    if (value == null || (last != null && isSame(value, last))) {
      out.append("null");
    } else {
      out.append(value);
    }
  }

  /** Also written the same way. */
  private static boolean isSame(BigDecimal value, BigDecimal other) {
    return value.scale() == other.scale() && value.compareTo(other) == 0;
  }
}

package org.joblog.ingest.metadata;

import java.util.List;

/**
 * Writes statistics as one JSON array with an array for each key, in the order of the fields of
 * {@link KeyStatistics} with the class behind the flags. Decimals keep their digits.
 */
public final class StatisticsJson {

  /** About what the statistics of a key take. */
  private static final int CHARACTERS_EACH = 160;

  private StatisticsJson() {}

  /** The text, which PostgreSQL's json accepts. */
  public static String of(List<KeyStatistics> statistics) {
    StringBuilder out = new StringBuilder(statistics.size() * CHARACTERS_EACH + 2);
    char separator = '[';
    for (KeyStatistics known : statistics) {
      append(out.append(separator), known);
      separator = ',';
    }
    return out.append(statistics.isEmpty() ? "[]" : "]").toString();
  }

  private static void append(StringBuilder out, KeyStatistics known) {
    JsonText.appendString(out.append('['), known.key());
    out.append(',').append(known.count());
    out.append(',').append(known.holes());
    out.append(',').append(known.allIntegers());
    out.append(',').append(known.increased());
    out.append(',').append(known.decreased());
    out.append(',').append(known.xClass().code());
    out.append(',').append(known.first());
    out.append(',').append(known.last());
    out.append(',').append(known.min());
    out.append(',').append(known.max());
    out.append(',').append(known.lastSequence());
    out.append(',').append(known.lastAtMicros());
    String text = known.lastText();
    if (text == null) {
      out.append(",null");
    } else {
      JsonText.appendString(out.append(','), text);
    }
    out.append(']');
  }
}

package org.joblog.ingest.metadata;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of all metadata keys of one job, at O(1) per value. Confined to its lane's thread.
 *
 * <p>It goes on from what {@link #takeNews} returned before a restart as if there had been none.
 *
 * <p>The statistics of ten keys change with every record: to write them for good with every commit
 * would cost more than the records. So they ride on the newest record, which carries all that has
 * changed since they were last settled, and are settled now and then.
 */
public final class KeyTable {

  private final MetadataLimits limits;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Set<Entry> changed = new LinkedHashSet<>();
  private final Set<Entry> unsettled = new LinkedHashSet<>();
  private final Set<String> told = new HashSet<>();
  private final List<String> notices = new ArrayList<>();
  private int unsettledRecords;

  /** A table that goes on from the given statistics, each key once. */
  public KeyTable(MetadataLimits limits, List<KeyStatistics> stored) {
    this.limits = limits;
    for (KeyStatistics statistics : stored) {
      Entry entry = new Entry(statistics);
      entries.put(statistics.key(), entry);
      // It may be of a record that will not be the newest any more.
      unsettled.add(entry);
    }
  }

  /**
   * Takes the next record.
   *
   * @param sequence its number in the job
   * @param atMicros when it was printed, microseconds since the epoch
   * @return its numbers that are graphed: those whose key is among the first {@link
   *     MetadataLimits#keys} of the job
   */
  public List<NumericValue> accept(long sequence, long atMicros, RecordReading reading) {
    unsettledRecords++;
    reading.passed().forEach(this::tell);
    List<NumericValue> graphed = new ArrayList<>(reading.numbers().size());
    for (NumericValue number : reading.numbers()) {
      Entry entry = entry(number.key());
      if (entry != null) {
        entry.accept(number);
        entry.seen(sequence, atMicros, null);
        graphed.add(number);
      }
    }
    for (OtherValue other : reading.others()) {
      Entry entry = entry(other.key());
      if (entry != null) {
        entry.holes += other.isHole() ? 1 : 0;
        entry.seen(sequence, atMicros, other.text());
      }
    }
    return graphed;
  }

  /** What the next commit has to write. */
  public KeyNews takeNews() {
    unsettled.addAll(changed);
    boolean settled =
        unsettled.size() > Math.max(limits.carriedKeys(), 2 * changed.size())
            || unsettledRecords >= limits.carriedRecords();
    KeyNews news = new KeyNews(unsettled.stream().map(Entry::statistics).toList(), settled);
    changed.clear();
    if (settled) {
      unsettled.clear();
      unsettledRecords = 0;
    }
    return news;
  }

  /** The user knows this already: it was told before a restart. */
  public void alreadyTold(List<String> earlier) {
    told.addAll(earlier);
  }

  /** What the user should know since the last call: each cap at most once in the job's life. */
  public List<String> takeNotices() {
    List<String> taken = List.copyOf(notices);
    notices.clear();
    return taken;
  }

  private @Nullable Entry entry(String key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      if (entries.size() >= limits.keys()) {
        tell(Cap.KEYS);
        return null;
      }
      entry = new Entry(key);
      entries.put(key, entry);
    }
    changed.add(entry);
    return entry;
  }

  private void tell(Cap cap) {
    String notice = cap.notice(limits);
    if (told.add(notice)) {
      notices.add(notice);
    }
  }

  /** The statistics of one key while they change. */
  private static final class Entry {

    private final String key;
    private long count;
    private long holes;
    private boolean allIntegers = true;
    private boolean increased;
    private boolean decreased;
    private @Nullable NumericValue first;
    private @Nullable NumericValue last;
    private @Nullable NumericValue min;
    private @Nullable NumericValue max;
    private long lastSequence;
    private long lastAtMicros;
    private @Nullable String lastText;

    Entry(String key) {
      this.key = key;
    }

    Entry(KeyStatistics stored) {
      this(stored.key());
      count = stored.count();
      holes = stored.holes();
      allIntegers = stored.allIntegers();
      increased = stored.increased();
      decreased = stored.decreased();
      first = value(stored.first());
      last = value(stored.last());
      min = value(stored.min());
      max = value(stored.max());
      lastSequence = stored.lastSequence();
      lastAtMicros = stored.lastAtMicros();
      lastText = stored.lastText();
    }

    private @Nullable NumericValue value(@Nullable BigDecimal exact) {
      return exact == null ? null : NumericValue.ofExact(key, exact);
    }

    void accept(NumericValue number) {
      count++;
      allIntegers &= number.isInteger();
      first = first == null ? number : first;
      if (last != null) {
        int motion = number.compareValue(last);
        increased |= motion > 0;
        decreased |= motion < 0;
      }
      last = number;
      min = min == null || number.compareValue(min) < 0 ? number : min;
      max = max == null || number.compareValue(max) > 0 ? number : max;
    }

    void seen(long sequence, long atMicros, @Nullable String text) {
      lastSequence = sequence;
      lastAtMicros = atMicros;
      lastText = text;
    }

    KeyStatistics statistics() {
      return new KeyStatistics(
          key,
          count,
          holes,
          allIntegers,
          increased,
          decreased,
          exact(first),
          exact(last),
          exact(min),
          exact(max),
          lastSequence,
          lastAtMicros,
          lastText);
    }

    private static @Nullable BigDecimal exact(@Nullable NumericValue value) {
      return value == null ? null : value.exact();
    }
  }
}

package org.joblog.ingest.store;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.metadata.NumericValue;

/**
 * The numbers of one key in a block of records, one place a record. Confined to one thread; filled
 * once, then only read.
 */
final class NumberColumn {

  /** From here on a double skips integers: they are stored beside it. */
  private static final long EXACT = 1L << 53;

  private static final long[] NONE = {};

  private final String key;
  private final double[] numbers;
  private final BitSet present;
  private long[] integers = NONE;
  private final BitSet exact;

  private NumberColumn(String key, int records) {
    this.key = key;
    this.numbers = new double[records];
    this.present = new BitSet(records);
    this.exact = new BitSet();
  }

  /** The columns of the given records, in the order in which their keys first appear. */
  static List<NumberColumn> of(List<MetadataRecord> records) {
    Map<String, NumberColumn> columns = new HashMap<>();
    List<NumberColumn> inOrder = new ArrayList<>();
    for (int i = 0; i < records.size(); i++) {
      List<NumericValue> values = records.get(i).values();
      for (int k = 0; k < values.size(); k++) {
        NumericValue value = values.get(k);
        // Most jobs print the same keys in the same order again and again: nothing to look up.
        if (k < inOrder.size() && inOrder.get(k).key.equals(value.key())) {
          inOrder.get(k).put(i, value);
          continue;
        }
        columns
            .computeIfAbsent(
                value.key(),
                key -> {
                  NumberColumn column = new NumberColumn(key, records.size());
                  inOrder.add(column);
                  return column;
                })
            .put(i, value);
      }
    }
    return List.copyOf(inOrder);
  }

  private void put(int place, NumericValue value) {
    numbers[place] = value.number();
    present.set(place);
    if (value.isInteger() && (value.integer() > EXACT || value.integer() < -EXACT)) {
      integers = integers.length == 0 ? new long[numbers.length] : integers;
      integers[place] = value.integer();
      exact.set(place);
    }
  }

  String key() {
    return key;
  }

  /** The numbers; 0 where there is none. */
  double[] numbers() {
    return numbers;
  }

  /** Which records have a number. */
  BitSet present() {
    return present;
  }

  /** Exact values of integers that a double may not hold, 0 elsewhere; empty if there is none. */
  long[] integers() {
    return integers;
  }

  /** Which records have such an integer; mostly none. */
  BitSet exact() {
    return exact;
  }

  int first() {
    return present.nextSetBit(0);
  }

  int last() {
    return present.length() - 1;
  }

  /** Place of the least number, the first of several. */
  int least() {
    int least = first();
    for (int i = least; i >= 0; i = present.nextSetBit(i + 1)) {
      least = numbers[i] < numbers[least] ? i : least;
    }
    return least;
  }

  /** Place of the greatest number, the first of several. */
  int greatest() {
    int greatest = first();
    for (int i = greatest; i >= 0; i = present.nextSetBit(i + 1)) {
      greatest = numbers[i] > numbers[greatest] ? i : greatest;
    }
    return greatest;
  }

  /** The mean, without a sum that could leave the range of a double. */
  double mean() {
    int count = present.cardinality();
    double mean = 0;
    for (int i = first(); i >= 0; i = present.nextSetBit(i + 1)) {
      mean += numbers[i] / count;
    }
    return mean;
  }

  /** Whether no two neighbours are equal and all go the same way: every number differs. */
  boolean isStrict() {
    boolean rising = true;
    boolean falling = true;
    int before = first();
    for (int i = present.nextSetBit(before + 1); i >= 0; i = present.nextSetBit(i + 1)) {
      rising &= numbers[i] > numbers[before];
      falling &= numbers[i] < numbers[before];
      before = i;
    }
    return rising || falling;
  }
}

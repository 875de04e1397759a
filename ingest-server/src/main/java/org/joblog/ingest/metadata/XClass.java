package org.joblog.ingest.metadata;

/**
 * How well a key serves as the X axis of a graph, best first; within a class the alphabetically
 * first key is chosen. The code is what the database holds. Immutable.
 *
 * <p>A key that has had one value only, again and again, spreads nothing along an axis: it is one
 * of {@link #NUMBERS}.
 */
public enum XClass {
  /** The key {@code progress}. */
  PROGRESS(1),
  /** The key {@code epoch}. */
  EPOCH(2),
  /** Integers that increased at least once and never decreased. */
  RISING_INTEGERS(3),
  /** Numbers that increased at least once and never decreased. */
  RISING_NUMBERS(4),
  /** Integers that decreased at least once and never increased. */
  MONOTONE_INTEGERS(5),
  /** Numbers that decreased at least once and never increased. */
  MONOTONE_NUMBERS(6),
  /** Any other numbers. */
  NUMBERS(7),
  /** No finite number: cannot be an axis. */
  NOT_NUMERIC(8);

  private final int code;

  XClass(int code) {
    this.code = code;
  }

  /** The number that stands for this class in the database, 1 to 8. */
  public int code() {
    return code;
  }

  static XClass of(KeyStatistics key) {
    if (key.count() == 0) {
      return NOT_NUMERIC;
    }
    return switch (key.key()) {
      case "progress" -> PROGRESS;
      case "epoch" -> EPOCH;
      default -> ofMotion(key);
    };
  }

  private static XClass ofMotion(KeyStatistics key) {
    if (key.increased() == key.decreased()) {
      return NUMBERS;
    }
    if (key.increased()) {
      return key.allIntegers() ? RISING_INTEGERS : RISING_NUMBERS;
    }
    return key.allIntegers() ? MONOTONE_INTEGERS : MONOTONE_NUMBERS;
  }
}

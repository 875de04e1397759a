package org.joblog.workbench;

import java.util.List;

/** The value in the middle, which a single slow round does not move. */
public final class Median {

  private Median() {}

  /** Of at least one value; of an even number the upper one. */
  public static double of(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}

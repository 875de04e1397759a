package org.joblog.ingest.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How lengths of time are written in the file: {@code 500ms}, {@code 30s}, {@code 90d}. */
final class Span {

  static final String EXPECTATION = "a time such as 500ms, 30s, 5m, 2h, 90d";

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  /** Units from the largest. */
  private static final List<Unit> UNITS =
      List.of(
          new Unit("d", Duration.ofDays(1)),
          new Unit("h", Duration.ofHours(1)),
          new Unit("m", Duration.ofMinutes(1)),
          new Unit("s", Duration.ofSeconds(1)),
          new Unit("ms", Duration.ofMillis(1)));

  private record Unit(String name, Duration length) {}

  private Span() {}

  /**
   * Reads a length of time with its unit.
   *
   * @throws IllegalArgumentException if it is none, or has no unit
   */
  static Duration parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException(text + " (expected: " + EXPECTATION + ")");
    }
    long count = Long.parseLong(form.group(1));
    return UNITS.stream()
        .filter(unit -> unit.name().equals(form.group(2)))
        .map(unit -> unit.length().multipliedBy(count))
        .findFirst()
        .orElseThrow();
  }

  /** Writes it with the largest unit that divides it. */
  static String format(Duration time) {
    return UNITS.stream()
        .filter(unit -> !time.isZero() && time.toMillis() % unit.length().toMillis() == 0)
        .map(unit -> time.dividedBy(unit.length()) + unit.name())
        .findFirst()
        .orElse("0s");
  }
}

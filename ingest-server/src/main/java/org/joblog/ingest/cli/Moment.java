package org.joblog.ingest.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A point of time as a person writes it. */
final class Moment {

  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

  private Moment() {}

  /**
   * Reads a time: {@code 10m}, {@code 2h} ago, {@code 2026-01-31T12:00:00Z}, or without a zone in
   * that of this machine.
   *
   * @return as the server understands it; empty for nothing
   */
  static String of(String option, String text, Instant now) throws CommandFailed {
    if (text.isEmpty()) {
      return "";
    }
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long count = Long.parseLong(ago.group(1));
      Duration unit =
          switch (ago.group(2)) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
          };
      return now.minus(unit.multipliedBy(count)).toString();
    }
    String iso = text.replace(' ', 'T');
    try {
      return OffsetDateTime.parse(iso).toString();
    } catch (DateTimeException e) {
      return local(option, text, iso);
    }
  }

  private static String local(String option, String text, String iso) throws CommandFailed {
    try {
      return LocalDateTime.parse(iso).atZone(ZoneId.systemDefault()).toOffsetDateTime().toString();
    } catch (DateTimeException e) {
      throw new CommandFailed(
          Joblog.WRONG_USE,
          option + ": " + text + " (expected: 10m, 2h, 1d, or a time like 2026-01-31T12:00:00)");
    }
  }
}

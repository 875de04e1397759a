package org.joblog.ingest.reading;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;

/**
 * An argument of a question. Immutable.
 *
 * @param name what the person who asks calls it
 * @param argument what the SQL function calls it
 * @param kind what it may be
 */
public record Parameter(String name, String argument, Kind kind) {

  /** Values of one argument: a function takes no more keys. */
  private static final int MOST_VALUES = 100;

  /** What an argument may be, and how PostgreSQL is given it. */
  public enum Kind {
    TEXT("?::text"),
    TEXTS("?::text[]"),
    INTEGER("?::integer"),
    BIGINT("?::bigint"),
    NUMBER("?::double precision"),
    TIME("?::timestamptz");

    private final String placeholder;

    Kind(String placeholder) {
      this.placeholder = placeholder;
    }
  }

  static Parameter text(String name) {
    return new Parameter(name, name, Kind.TEXT);
  }

  static Parameter value(String name, Kind kind) {
    return new Parameter(name, name, kind);
  }

  /** How the function is called with it. */
  String call() {
    return '"' + argument + "\" => " + kind.placeholder;
  }

  /** What the driver is given. */
  Object read(List<String> values) throws WrongArgument {
    if (kind == Kind.TEXTS) {
      if (values.size() > MOST_VALUES) {
        throw wrong(values.size() + " values", "at most " + MOST_VALUES);
      }
      for (String value : values) {
        checked(value);
      }
      return values.toArray(String[]::new);
    }
    if (values.size() > 1) {
      throw wrong("named " + values.size() + " times", "once");
    }
    return read(checked(values.getFirst()));
  }

  private Object read(String text) throws WrongArgument {
    try {
      return switch (kind) {
        case TEXT, TEXTS -> text;
        case INTEGER -> Integer.valueOf(text);
        case BIGINT -> Long.valueOf(text);
        case NUMBER -> Double.valueOf(text);
        case TIME -> OffsetDateTime.parse(text);
      };
    } catch (NumberFormatException e) {
      throw wrong(text, kind == Kind.NUMBER ? "a number" : "an integer");
    } catch (DateTimeParseException e) {
      throw wrong(text, "a time like 2026-01-31T12:00:00Z");
    }
  }

  /** PostgreSQL's texts cannot hold U+0000. */
  private String checked(String text) throws WrongArgument {
    if (text.indexOf('\0') >= 0) {
      throw wrong("holds the character U+0000", "text without it");
    }
    return text;
  }

  private WrongArgument wrong(String what, String expected) {
    return new WrongArgument(name + ": " + what + " (expected: " + expected + ")");
  }
}

package org.joblog.ingest.metadata;

import java.util.List;
import java.util.Map;

/** A JSON value, with nothing in it that PostgreSQL would refuse. Immutable once read. */
sealed interface JsonValue {

  /** An object; each name once, in the order in which the names first appeared. */
  record Members(Map<String, JsonValue> members) implements JsonValue {}

  record Elements(List<JsonValue> elements) implements JsonValue {}

  /** A value that holds no others. */
  sealed interface Leaf extends JsonValue {}

  /** A string without NUL and without halves of characters. */
  record Text(String text) implements Leaf {}

  /** {@code true}, {@code false} or {@code null}. */
  record Word(String word) implements Leaf {}

  /**
   * A number as it was written, and its value: {@code integer} is exact if {@code isInteger}, else
   * 0; {@code number} is finite.
   */
  record Finite(String text, boolean isInteger, long integer, double number) implements Leaf {}

  /** A number that a double cannot hold, as it was written: NaN, an infinity, 1e400. */
  record Hole(String text) implements Leaf {}

  /** A value nested too deeply, as its JSON text. */
  record Folded(String json) implements Leaf {}
}

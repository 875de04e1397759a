package org.joblog.ingest.store;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Arrays in PostgreSQL's text form, for array columns of statements whose parameters are arrays
 * themselves: an array of arrays would have to be rectangular. Immutable.
 */
final class ArrayLiteral {

  private ArrayLiteral() {}

  static @Nullable String of(int @Nullable [] values) {
    return values == null ? null : braces(Arrays.stream(values).mapToObj(String::valueOf));
  }

  static @Nullable String of(long @Nullable [] values) {
    return values == null ? null : braces(Arrays.stream(values).mapToObj(String::valueOf));
  }

  static @Nullable String of(short @Nullable [] values) {
    return values == null
        ? null
        : braces(IntStream.range(0, values.length).mapToObj(i -> String.valueOf(values[i])));
  }

  static @Nullable String of(@Nullable String @Nullable [] values) {
    return values == null ? null : braces(Arrays.stream(values).map(ArrayLiteral::quoted));
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "NULL" : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String braces(java.util.stream.Stream<String> elements) {
    return elements.collect(Collectors.joining(",", "{", "}"));
  }
}

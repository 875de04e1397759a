package org.joblog.ingest.metadata;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@link JsonValue} as JSON that PostgreSQL's json and jsonb accept, without blanks. For
 * one use.
 */
final class JsonText {

  /** Exponents of at most so many digits fit into PostgreSQL's numeric. */
  private static final int EXPONENT_DIGITS = 3;

  private final StringBuilder out;
  private final MetadataLimits limits;

  private JsonText(MetadataLimits limits, int expectedLength) {
    this.limits = limits;
    this.out = new StringBuilder(expectedLength);
  }

  static String of(JsonValue value, MetadataLimits limits, int expectedLength) {
    JsonText text = new JsonText(limits, expectedLength);
    text.append(value);
    return text.out.toString();
  }

  private void append(JsonValue value) {
    switch (value) {
      case JsonValue.Members(var members) -> appendMembers(members);
      case JsonValue.Elements(var elements) -> appendElements(elements);
      case JsonValue.Text(var text) -> appendString(text);
      case JsonValue.Word(var word) -> out.append(word);
      case JsonValue.Finite finite -> appendNumber(finite.text());
      case JsonValue.Hole(var text) -> appendString(text);
      case JsonValue.Folded(var json) -> appendString(json);
    }
  }

  private void appendMembers(Map<String, JsonValue> members) {
    String separator = "{";
    for (Map.Entry<String, JsonValue> member : members.entrySet()) {
      out.append(separator);
      appendString(member.getKey());
      out.append(':');
      append(member.getValue());
      separator = ",";
    }
    out.append(members.isEmpty() ? "{}" : "}");
  }

  private void appendElements(List<JsonValue> elements) {
    String separator = "[";
    for (JsonValue element : elements) {
      out.append(separator);
      append(element);
      separator = ",";
    }
    out.append(elements.isEmpty() ? "[]" : "]");
  }

  private void appendNumber(String text) {
    if (text.length() <= limits.numberCharacters() && exponentDigits(text) <= EXPONENT_DIGITS) {
      out.append(text);
    } else {
      appendString(text);
    }
  }

  private static int exponentDigits(String number) {
    int e = Math.max(number.indexOf('e'), number.indexOf('E'));
    if (e < 0) {
      return 0;
    }
    boolean signed = number.charAt(e + 1) == '+' || number.charAt(e + 1) == '-';
    return number.length() - e - (signed ? 2 : 1);
  }

  private void appendString(String text) {
    appendString(out, text);
  }

  /** Appends a string with its quotes. */
  static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}

package org.joblog.ingest.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * A row of an answer. Immutable.
 *
 * @param json as it came
 * @param values by name, in their order: texts, numbers and truth values as they are written,
 *     objects and arrays as JSON; those that are null are not there
 */
public record Row(String json, SequencedMap<String, String> values) {

  private static final JsonFactory FACTORY = new JsonFactory();

  /**
   * Reads a row.
   *
   * @throws IOException if it is no JSON object
   */
  static Row of(String json) throws IOException {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("a row of the answer is no object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value.isStructStart()) {
          values.put(name, structure(json, parser));
        } else {
          values.put(name, value == JsonToken.VALUE_NULL ? "" : parser.getText());
        }
      }
    }
    return new Row(json, Collections.unmodifiableSequencedMap(values));
  }

  /** As it is written: numbers keep their spelling. */
  private static String structure(String json, JsonParser parser) throws IOException {
    int begin = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return json.substring(begin, (int) parser.currentLocation().getCharOffset());
  }

  /** A value; empty if it is null or there is none of this name. */
  public String get(String name) {
    return values.getOrDefault(name, "");
  }

  /** A whole number, 0 if there is none. */
  long number(String name) {
    String text = get(name);
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }
}

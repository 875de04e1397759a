package org.joblog.ingest.metadata;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line into a {@link JsonValue}: RFC 8259, and NaN, Infinity and -Infinity as Python
 * prints them. Confined to its lane's thread.
 */
final class JsonTree {

  private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

  private final MetadataLimits limits;
  private final JsonFactory factory;

  JsonTree(MetadataLimits limits) {
    this.limits = limits;
    this.factory =
        JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // Names made to collide cost their own job time, and no job its metadata.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.parsedDepth())
                    // A line is bounded by the console; its parts need no bounds of their own.
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();
  }

  /** The object that fills the range of bytes, or null if something else stands there. */
  JsonValue.@Nullable Members read(byte[] bytes, int from, int to, Set<Cap> passed) {
    if (to - from < 2 || bytes[from] != '{' || bytes[to - 1] != '}') {
      return null;
    }
    // As text: in bytes the library would look for UTF-16. And it refuses names with half a
    // character.
    String line =
        Sanitizer.cleanEscapes(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    try (JsonParser parser = factory.createParser(line)) {
      parser.nextToken();
      JsonValue.Members members = new Descent(parser, line, passed).members(1);
      return parser.nextToken() == null ? members : null;
    } catch (IOException notJson) {
      return null;
    }
  }

  /** One pass over one line. */
  private final class Descent {

    private final JsonParser parser;
    private final String line;
    private final Set<Cap> passed;

    Descent(JsonParser parser, String line, Set<Cap> passed) {
      this.parser = parser;
      this.line = line;
      this.passed = passed;
    }

    JsonValue.Members members(int depth) throws IOException {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = Sanitizer.clean(parser.currentName());
        parser.nextToken();
        members.put(name, value(depth));
      }
      return new JsonValue.Members(members);
    }

    private JsonValue.Elements elements(int depth) throws IOException {
      List<JsonValue> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(depth));
      }
      return new JsonValue.Elements(elements);
    }

    private JsonValue value(int depth) throws IOException {
      return switch (parser.currentToken()) {
        case START_OBJECT -> depth < limits.depth() ? members(depth + 1) : folded();
        case START_ARRAY -> depth < limits.depth() ? elements(depth + 1) : folded();
        case VALUE_STRING -> new JsonValue.Text(Sanitizer.clean(parser.getText()));
        case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> new JsonValue.Word(parser.getText());
        case VALUE_NUMBER_INT -> integer();
        case VALUE_NUMBER_FLOAT -> decimal();
        case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
            throw new JsonParseException(parser, "value expected");
      };
    }

    private JsonValue integer() throws IOException {
      String text = parser.getText();
      if (parser.getNumberType() == NumberType.BIG_INTEGER) {
        return number(text);
      }
      long value = parser.getLongValue();
      return new JsonValue.Finite(text, true, value, value);
    }

    private JsonValue decimal() throws IOException {
      String text = parser.getText();
      if (!parser.isNaN()) {
        return number(text);
      }
      if (!NOT_FINITE.contains(text)) {
        throw new JsonParseException(parser, "INF, +INF and the like are not JSON");
      }
      return new JsonValue.Hole(text);
    }

    private static JsonValue number(String text) {
      double value = Double.parseDouble(text);
      boolean vanished =
          value == 0
              && text.codePoints()
                  .takeWhile(Descent::isMantissa)
                  .anyMatch(c -> c >= '1' && c <= '9');
      return Double.isInfinite(value) || vanished
          ? new JsonValue.Hole(text)
          : new JsonValue.Finite(text, false, 0, value);
    }

    private static boolean isMantissa(int character) {
      return character != 'e' && character != 'E';
    }

    /** Reads over the present object or array, and keeps its text. */
    private JsonValue folded() throws IOException {
      passed.add(Cap.DEPTH);
      int begin = (int) parser.currentTokenLocation().getCharOffset();
      int open = 1;
      while (open > 0) {
        JsonToken token = parser.nextToken();
        open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
          decimal();
        }
      }
      int end = (int) parser.currentLocation().getCharOffset();
      return new JsonValue.Folded(line.substring(begin, end));
    }
  }
}

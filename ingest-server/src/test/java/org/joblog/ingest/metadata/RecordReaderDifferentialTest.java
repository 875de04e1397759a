package org.joblog.ingest.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the reader with Gson in its strict mode on objects with random damage. */
class RecordReaderDifferentialTest {

  private static final int LINES = 20_000;

  /** Pieces of JSON, and pieces that look like it. */
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    " ",
    "\t",
    "\n",
    "0",
    "1",
    "-",
    "+",
    ".",
    "e",
    "E9",
    "true",
    "false",
    "null",
    "True",
    "nul",
    "'",
    "/*",
    "//",
    "#",
    "\\u00",
    "\\u0041",
    "\\ud800",
    "\\n",
    "\\x",
    "\\'",
    "\u0001",
    "\u00a0",
    "\u20ac",
    "\ud83d\ude00",
    "\uFEFF",
    "00",
    "\"a\":1",
    ";",
    "=",
  };

  private record Num(String text) {}

  private final RecordReader reader = new RecordReader(MetadataLimits.DEFAULT);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void bothAcceptTheSameLinesAndReadTheSameValues(long seed) throws IOException {
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < LINES; i++) {
      StringBuilder line = new StringBuilder();
      appendObject(line, random, 0);
      for (int damage = random.nextInt(3); damage > 0; damage--) {
        damage(line, random);
      }
      // As the console hands it over: valid UTF-8.
      String valid = new String(line.toString().getBytes(UTF_8), UTF_8);
      accepted += compare(valid) ? 1 : 0;
    }
    assertThat(accepted).isBetween(LINES / 5, LINES * 4 / 5);
  }

  private boolean compare(String line) throws IOException {
    byte[] bytes = line.getBytes(UTF_8);
    Optional<RecordReading> ours = reader.read(bytes, 0, bytes.length);
    Object theirs = line.startsWith("{") && line.endsWith("}") ? gson(line) : null;
    assertThat(ours.isPresent()).as("%s", shown(line)).isEqualTo(theirs != null);
    ours.ifPresent(
        reading -> assertThat(gson(reading.json())).as("%s", shown(line)).isEqualTo(theirs));
    return ours.isPresent();
  }

  private static String shown(String line) {
    return line.replaceAll("[^ -~]", "<?>");
  }

  /** The tree that Gson reads, cleaned as PostgreSQL needs it, or null if it is not JSON. */
  private static @Nullable Object gson(String json) {
    JsonReader gson = new JsonReader(new StringReader(json));
    gson.setStrictness(Strictness.STRICT);
    try {
      Object tree = tree(gson);
      return gson.peek() == JsonToken.END_DOCUMENT ? tree : null;
    } catch (MalformedJsonException | EOFException notJson) {
      return null;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Object tree(JsonReader gson) throws IOException {
    return switch (gson.peek()) {
      case BEGIN_OBJECT -> {
        Map<String, Object> members = new LinkedHashMap<>();
        gson.beginObject();
        while (gson.hasNext()) {
          members.put(Sanitizer.clean(gson.nextName()), tree(gson));
        }
        gson.endObject();
        yield members;
      }
      case BEGIN_ARRAY -> {
        List<Object> elements = new ArrayList<>();
        gson.beginArray();
        while (gson.hasNext()) {
          elements.add(tree(gson));
        }
        gson.endArray();
        yield elements;
      }
      case STRING -> Sanitizer.clean(gson.nextString());
      case NUMBER -> number(gson.nextString());
      case BOOLEAN -> gson.nextBoolean();
      case NULL -> {
        gson.nextNull();
        yield JsonToken.NULL;
      }
      case NAME, END_OBJECT, END_ARRAY, END_DOCUMENT ->
          throw new MalformedJsonException("no value");
    };
  }

  /** A number, or a string if its value is out of the range of a double or of numeric. */
  private static Object number(String text) {
    double value = Double.parseDouble(text);
    boolean vanished = value == 0 && text.replaceFirst("[eE].*", "").matches(".*[1-9].*");
    boolean longExponent = text.matches(".*[eE][+-]?[0-9]{4,}");
    return Double.isInfinite(value) || vanished || longExponent ? text : new Num(text);
  }

  private static void damage(StringBuilder line, Random random) {
    int at = random.nextInt(line.length() + 1);
    if (random.nextBoolean() && at < line.length()) {
      line.deleteCharAt(at);
    } else {
      line.insert(at, PIECES[random.nextInt(PIECES.length)]);
    }
  }

  private static void appendObject(StringBuilder line, Random random, int depth) {
    line.append('{');
    for (int i = random.nextInt(4); i > 0; i--) {
      line.append('"').append((char) ('a' + random.nextInt(3))).append("\":");
      appendValue(line, random, depth);
      line.append(i > 1 ? "," : "");
    }
    line.append('}');
  }

  private static void appendValue(StringBuilder line, Random random, int depth) {
    switch (random.nextInt(depth < 4 ? 8 : 6)) {
      case 0 -> line.append(random.nextInt());
      case 1 -> line.append(random.nextLong());
      case 2 -> line.append(random.nextGaussian());
      case 3 ->
          line.append(random.nextInt(10)).append('.').append(random.nextInt(100)).append("e-2");
      case 4 -> line.append(random.nextBoolean() ? "null" : "false");
      case 5 ->
          line.append('"')
              .append(PIECES[random.nextInt(10)].replaceAll("[\"\\\\\\s]", "x"))
              .append('"');
      case 6 -> appendObject(line, random, depth + 1);
      default -> {
        line.append('[');
        appendValue(line, random, depth + 1);
        line.append(']');
      }
    }
  }
}

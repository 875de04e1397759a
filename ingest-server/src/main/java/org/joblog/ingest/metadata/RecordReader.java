package org.joblog.ingest.metadata;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a line that is one JSON object. Confined to its lane's thread.
 *
 * <p>Numbers in nested objects and in short arrays are graphed under a dotted key: {@code val.acc},
 * {@code lr.0}. Where two values have the same dotted key the last one counts. What a cap excludes
 * from graphs is still in the JSON.
 */
public final class RecordReader {

  private final MetadataLimits limits;
  private final JsonTree tree;

  public RecordReader(MetadataLimits limits) {
    this.limits = limits;
    this.tree = new JsonTree(limits);
  }

  /**
   * Reads the line in the given range of bytes of valid UTF-8, {@code to} exclusive; never fails.
   * Empty if the line is not metadata: then it is text.
   */
  public Optional<RecordReading> read(byte[] bytes, int from, int to) {
    Set<Cap> passed = EnumSet.noneOf(Cap.class);
    JsonValue.Members object = tree.read(bytes, from, to, passed);
    if (object == null) {
      return Optional.empty();
    }
    String json = JsonText.of(object, limits, to - from);
    List<NumericValue> numbers = new ArrayList<>();
    List<OtherValue> others = new ArrayList<>();
    if (to - from > limits.objectBytes()) {
      passed.add(Cap.OBJECT_BYTES);
    } else {
      leaves(object, passed).forEach((key, value) -> sort(key, value, numbers, others));
    }
    return Optional.of(new RecordReading(json, numbers, others, passed));
  }

  private void sort(
      String key, JsonValue.Leaf value, List<NumericValue> numbers, List<OtherValue> others) {
    switch (value) {
      case JsonValue.Finite(var text, var isInteger, var integer, var number) ->
          numbers.add(NumericValue.ofText(key, text, isInteger, integer, number));
      case JsonValue.Hole(var text) -> others.add(other(key, text, true));
      case JsonValue.Text(var text) -> others.add(other(key, text, false));
      case JsonValue.Word(var word) -> others.add(other(key, word, false));
      case JsonValue.Folded(var json) -> others.add(other(key, json, false));
    }
  }

  private OtherValue other(String key, String text, boolean isHole) {
    return new OtherValue(key, Sanitizer.cut(text, limits.textCharacters()), isHole);
  }

  private Map<String, JsonValue.Leaf> leaves(JsonValue.Members object, Set<Cap> passed) {
    Map<String, JsonValue.Leaf> leaves = new LinkedHashMap<>();
    object.members().forEach((name, value) -> collect(name, value, leaves, passed));
    return leaves;
  }

  private void collect(
      String key, JsonValue value, Map<String, JsonValue.Leaf> leaves, Set<Cap> passed) {
    if (key.length() > limits.keyCharacters()) {
      passed.add(Cap.KEY_LENGTH);
      return;
    }
    switch (value) {
      case JsonValue.Members(var members) ->
          members.forEach((name, inner) -> collect(key + "." + name, inner, leaves, passed));
      case JsonValue.Elements(var elements) when elements.size() > limits.arrayLength() ->
          passed.add(Cap.ARRAY_LENGTH);
      case JsonValue.Elements(var elements) -> {
        for (int i = 0; i < elements.size(); i++) {
          collect(key + "." + i, elements.get(i), leaves, passed);
        }
      }
      case JsonValue.Leaf leaf -> leaves.put(key, leaf);
    }
  }
}

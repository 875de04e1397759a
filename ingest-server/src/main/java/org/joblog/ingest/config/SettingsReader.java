package org.joblog.ingest.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Fills the records of the configuration from YAML nodes, and remembers every problem on the way so
 * that all of them can be told at once. Confined to one thread.
 */
final class SettingsReader {

  /** A list longer than this is a mistake. */
  private static final int MAX_LIST = 1_000;

  private final Path folder;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param folder where relative paths begin
   */
  SettingsReader(Path folder) {
    this.folder = folder;
  }

  List<String> problems() {
    return problems;
  }

  /** The keys of a section, or the sections of the whole, under the names they have in the file. */
  static SequencedMap<String, RecordComponent> keysOf(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents())
        .filter(c -> c.isAnnotationPresent(Setting.class) || c.isAnnotationPresent(Section.class))
        .collect(
            Collectors.toMap(
                SettingsReader::keyOf, c -> c, (first, _) -> first, LinkedHashMap::new));
  }

  /** A component's name in snake case. */
  static String keyOf(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** All sections by their record, those that the file does not have with their defaults. */
  Map<Class<?>, Object> readAll(@Nullable Node root) {
    SequencedMap<String, RecordComponent> sections = keysOf(ServerConfig.class);
    Map<String, Node> nodes = entries("", root, sections);
    Map<Class<?>, Object> values = new HashMap<>();
    sections.forEach((name, component) ->
        readSection(component.getType().asSubclass(Record.class), name, nodes.get(name))
            .ifPresent(section -> values.put(component.getType(), section)));
    return values;
  }

  private <R extends Record> Optional<R> readSection(
      Class<R> type, String path, @Nullable Node node) {
    int before = problems.size();
    SequencedMap<String, RecordComponent> keys = keysOf(type);
    Map<String, Node> nodes = entries(path + ".", node, keys);
    List<Object> values = new ArrayList<>();
    keys.forEach(
        (key, component) -> values.add(readValue(path + "." + key, component, nodes.get(key))));
    return problems.size() == before ? create(type, path, values) : Optional.empty();
  }

  private <R extends Record> Optional<R> create(Class<R> type, String path, List<Object> values) {
    try {
      return Optional.of(constructorOf(type).newInstance(values.toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException wrong) {
        problems.add(path + "." + wrong.getMessage());
        return Optional.empty();
      }
      throw new IllegalStateException("constructor of " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("constructor of " + type, e);
    }
  }

  private static <R extends Record> Constructor<R> constructorOf(Class<R> type)
      throws NoSuchMethodException {
    return type.getDeclaredConstructor(
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new));
  }

  private Object readValue(String path, RecordComponent component, @Nullable Node node) {
    Setting setting = component.getAnnotation(Setting.class);
    SettingType type = SettingType.of(component);
    if (node != null) {
      try {
        Object value = parse(type, node);
        String outside = type.outside(setting, value);
        if (outside == null) {
          return value;
        }
        problems.add(path + ": " + outside + at(node));
      } catch (IllegalArgumentException wrong) {
        problems.add(path + ": " + wrong.getMessage() + at(node));
      }
    }
    return type.parse(setting.byDefault());
  }

  private Object parse(SettingType type, Node node) {
    return switch (type) {
      case TEXTS -> texts(node);
      case FILE ->
          ((Optional<?>) type.parse(scalar(type, node))).map(p -> folder.resolve((Path) p));
      case NUMBER, FLAG, TEXT, SIZE, TIME -> type.parse(scalar(type, node));
    };
  }

  private static List<String> texts(Node node) {
    if (!(node instanceof SequenceNode list)) {
      throw SettingType.TEXTS.unexpected(kind(node));
    }
    if (list.getValue().size() > MAX_LIST) {
      throw new IllegalArgumentException(
          "list of " + list.getValue().size() + " (expected: <= " + MAX_LIST + ")");
    }
    return list.getValue().stream().map(item -> scalar(SettingType.TEXT, item)).toList();
  }

  private static String scalar(SettingType type, Node node) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
      return scalar.getValue();
    }
    throw type.unexpected(kind(node));
  }

  /** The entries of a mapping by key; unknown and repeated keys become problems. */
  private Map<String, Node> entries(
      String prefix, @Nullable Node node, SequencedMap<String, RecordComponent> known) {
    Map<String, Node> found = new LinkedHashMap<>();
    if (node == null || isEmpty(node)) {
      return found;
    }
    if (!(node instanceof MappingNode mapping)) {
      String name = prefix.isEmpty() ? "the file" : prefix.substring(0, prefix.length() - 1);
      problems.add(name + ": " + kind(node) + " (expected: keys with values)" + at(node));
      return found;
    }
    for (NodeTuple entry : mapping.getValue()) {
      String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (!known.containsKey(key)) {
        String meant =
            Suggestion.closest(key, known.keySet())
                .map(name -> " (did you mean " + name + "?)")
                .orElse(" (expected: one of " + String.join(", ", known.keySet()) + ")");
        problems.add(prefix + key + ": unknown key" + meant + at(entry.getKeyNode()));
      } else if (found.put(key, entry.getValueNode()) != null) {
        problems.add(prefix + key + ": named twice" + at(entry.getKeyNode()));
      }
    }
    return found;
  }

  private static boolean isEmpty(Node node) {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
  }

  private static String kind(Node node) {
    return switch (node) {
      case ScalarNode scalar when scalar.getValue().isEmpty() -> "nothing";
      case ScalarNode _ -> "a single value";
      case SequenceNode _ -> "a list";
      default -> "a mapping";
    };
  }

  private static String at(Node node) {
    return ", line " + (node.getStartMark().getLine() + 1);
  }
}

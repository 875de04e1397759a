package org.joblog.workbench.grafana;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a tree of JSON or YAML; what is not there is a node without value. Immutable.
 *
 * @param value a map, a list, a text, a number, a boolean or null
 */
public record Node(@Nullable Object value) {

  public Node get(String key) {
    return new Node(value instanceof Map<?, ?> map ? map.get(key) : null);
  }

  public List<Node> list() {
    return value instanceof List<?> list ? list.stream().map(Node::new).toList() : List.of();
  }

  public List<String> keys() {
    return value instanceof Map<?, ?> map
        ? map.keySet().stream().map(String::valueOf).toList()
        : List.of();
  }

  /** The value as text; empty if there is none. */
  public String text() {
    return value == null ? "" : value.toString();
  }

  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }
}

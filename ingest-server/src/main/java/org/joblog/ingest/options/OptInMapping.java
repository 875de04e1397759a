package org.joblog.ingest.options;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingEndEvent;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.StreamEndEvent;

/**
 * The one mapping of a .logoptin, read from YAML events. Confined to its lane's thread; for one
 * use.
 *
 * <p>Events, not objects: no value is ever constructed, an alias is never followed, and a word such
 * as {@code off} is seen as it was written, not as the boolean that YAML 1.1 makes of it.
 */
final class OptInMapping {

  private static final Set<String> WORDS_FOR_TRUE = Set.of("true", "yes", "on");
  private static final Set<String> WORDS_FOR_FALSE = Set.of("false", "no", "off");

  private final OptInLimits limits;
  private final Set<String> seen = new HashSet<>();
  private final List<String> unknown = new ArrayList<>();
  private int unnamed;
  private Mode mode = JobOptions.DEFAULT.mode();
  private boolean commands = JobOptions.DEFAULT.commands();
  private boolean commandsUnclear;
  private @Nullable NotUnderstood firstProblem;

  OptInMapping(OptInLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads the whole text, also behind a value that has no meaning: {@code commands: false} holds
   * wherever it stands.
   *
   * @throws NotUnderstood if it has no meaning as options
   * @throws org.yaml.snakeyaml.error.YAMLException if it is not YAML
   */
  void read(String text) throws NotUnderstood {
    LoaderOptions loader = new LoaderOptions();
    loader.setCodePointLimit(limits.fileBytes());
    loader.setNestingDepthLimit(limits.depth());
    loader.setMaxAliasesForCollections(0);
    loader.setAllowDuplicateKeys(false);
    Yaml yaml = new Yaml(new SafeConstructor(loader));
    Iterator<Event> events = yaml.parse(new StringReader(text)).iterator();
    events.next(); // the start of the stream
    if (!(events.next() instanceof DocumentStartEvent)) {
      return; // nothing but blanks and comments
    }
    Event root = plain(events.next());
    switch (root) {
      case MappingStartEvent start -> readEntries(events);
      case ScalarEvent scalar when scalar.isPlain() && scalar.getValue().isEmpty() -> {}
      default ->
          throw new NotUnderstood("options expected, one `key: value` a line", root.getStartMark());
    }
    events.next(); // the end of the document
    Event end = events.next();
    if (!(end instanceof StreamEndEvent)) {
      throw new NotUnderstood("one document expected, found several", end.getStartMark());
    }
    if (firstProblem != null) {
      throw firstProblem;
    }
  }

  JobOptions options() {
    return new JobOptions(mode, commands);
  }

  /** Whether commands are obeyed where the file as a whole cannot be understood. */
  boolean commandsWhenInDoubt() {
    return commands && !commandsUnclear;
  }

  /** What was ignored. */
  List<String> notices() {
    List<String> notices = new ArrayList<>(unknown);
    if (unnamed > 0) {
      notices.add(".logoptin: " + unnamed + " more unknown keys were ignored.");
    }
    return notices;
  }

  private void readEntries(Iterator<Event> events) throws NotUnderstood {
    for (Event key = events.next(); !(key instanceof MappingEndEvent); key = events.next()) {
      if (!(plain(key) instanceof ScalarEvent scalar)) {
        throw new NotUnderstood("a key must be a word", key.getStartMark());
      }
      String name = scalar.getValue();
      if (!seen.add(name)) {
        throw new NotUnderstood("key " + shown(name) + " stands there twice", key.getStartMark());
      }
      readValue(name, events);
    }
  }

  private void readValue(String name, Iterator<Event> events) throws NotUnderstood {
    Event value = plain(events.next());
    skipRestOf(value, events);
    try {
      switch (name) {
        case "mode" -> mode = modeOf(value);
        case "commands" -> {
          commandsUnclear = true;
          commands = booleanOf(value);
          commandsUnclear = false;
        }
        default -> noteUnknown(name);
      }
    } catch (NotUnderstood first) {
      firstProblem = firstProblem == null ? first : firstProblem;
    }
  }

  private static Mode modeOf(Event value) throws NotUnderstood {
    if (value instanceof ScalarEvent scalar) {
      String word = scalar.getValue();
      Mode known = Mode.ofWord(word).orElse(null);
      if (known != null) {
        return known;
      }
      if (scalar.isPlain() && (isOneOf(WORDS_FOR_TRUE, word) || isOneOf(WORDS_FOR_FALSE, word))) {
        throw new NotUnderstood(
            "`mode` is yes or no, which YAML reads as a truth value; write enabled, metadata or"
                + " disabled",
            value.getStartMark());
      }
      if (Mode.ofWord(word.toLowerCase(Locale.ROOT)).isPresent()) {
        throw new NotUnderstood("`mode` must be in lower case", value.getStartMark());
      }
    }
    throw new NotUnderstood("`mode` must be enabled, metadata or disabled", value.getStartMark());
  }

  private static boolean booleanOf(Event value) throws NotUnderstood {
    if (value instanceof ScalarEvent scalar && scalar.isPlain()) {
      if (isOneOf(WORDS_FOR_TRUE, scalar.getValue())) {
        return true;
      }
      if (isOneOf(WORDS_FOR_FALSE, scalar.getValue())) {
        return false;
      }
    }
    throw new NotUnderstood("`commands` must be true or false", value.getStartMark());
  }

  private static boolean isOneOf(Set<String> words, String word) {
    return words.contains(word.toLowerCase(Locale.ROOT));
  }

  /** Walks over what follows the first event of a value. */
  private void skipRestOf(Event value, Iterator<Event> events) throws NotUnderstood {
    int open = value instanceof CollectionStartEvent ? 1 : 0;
    while (open > 0) {
      Event event = plain(events.next());
      if (event instanceof CollectionStartEvent) {
        open++;
        if (open > limits.depth()) {
          throw new NotUnderstood(
              "nesting: deeper than " + limits.depth() + " levels", event.getStartMark());
        }
      } else if (event instanceof CollectionEndEvent) {
        open--;
      }
    }
  }

  /** The event, if it has none of what options never need and what YAML bombs are made of. */
  private static Event plain(Event event) throws NotUnderstood {
    boolean isPlain =
        switch (event) {
          case AliasEvent alias -> false;
          case ScalarEvent scalar -> scalar.getAnchor() == null && scalar.getTag() == null;
          case CollectionStartEvent start -> start.getAnchor() == null && start.getTag() == null;
          default -> true;
        };
    if (!isPlain) {
      throw new NotUnderstood("tags, anchors and aliases are not allowed", event.getStartMark());
    }
    return event;
  }

  private void noteUnknown(String name) {
    if (unknown.size() >= limits.namedKeys()) {
      unnamed++;
      return;
    }
    String hint =
        switch (name.strip().toLowerCase(Locale.ROOT)) {
          case "mode" -> " Did you mean `mode`?";
          case "commands", "command" -> " Did you mean `commands`?";
          default -> "";
        };
    unknown.add(".logoptin: unknown key " + shown(name) + " was ignored." + hint);
  }

  /** A key as it may stand in a message: short, and nothing in it that a screen would obey. */
  private String shown(String key) {
    StringBuilder shown = new StringBuilder("`");
    key.codePoints()
        .limit(limits.keyCharacters())
        .forEach(c -> shown.appendCodePoint(isShown(c) ? c : '?'));
    if (key.codePointCount(0, key.length()) > limits.keyCharacters()) {
      shown.append('…');
    }
    return shown.append('`').toString();
  }

  private static boolean isShown(int codePoint) {
    return codePoint == ' '
        || (codePoint != '`'
            && Character.isDefined(codePoint)
            && !Character.isISOControl(codePoint)
            && !Character.isWhitespace(codePoint)
            && !Character.isSpaceChar(codePoint)
            && Character.getType(codePoint) != Character.FORMAT
            && Character.getType(codePoint) != Character.SURROGATE);
  }
}

package org.joblog.ingest.config;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Writes what can be configured: as a page, as a file to start from, and as it is in force. All
 * three come from the annotations of the records, so they cannot be out of date. Safe for use by
 * many threads.
 */
public final class Reference {

  private static final int WIDTH = 96;

  private static final String ENVIRONMENT =
      """
      ## Secrets
      Secrets stand in files of their own, or in the environment of the server:

      | variable | instead of |
      |---|---|
      | `JOBLOG_DATABASE_PASSWORD` | `database.password_file` |
      | `JOBLOG_DATABASE_OWNER_PASSWORD` | `database.owner_password_file` |
      | `JOBLOG_SECRET` | `listen.secret_file` |
      | `JOBLOG_VIEWING_DATABASE_PASSWORD` | `viewing.database_password_file` |

      A file that everybody may read is refused. White space around the secret does not count.
      """;

  private Reference() {}

  /** The page {@code docs/configuration.md}. */
  public static String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Configuration of the server

        One YAML file, named with `--config FILE`. Every key may be left out. A key that is not known, or named twice,
        stops the start and is named. Sizes need a unit (`B`, `KiB`, `MiB`, `GiB`, `TiB`), times too (`ms`, `s`, `m`, `h`, `d`).
        `joblog config --config FILE` prints what is in force; `joblog config --template` a file to start from.

        This page is written by `joblog config --reference`, from the program itself.

        """);
    forEachSection((name, section) -> {
      page.append("## `%s`\n%s\n\n".formatted(name, section.getAnnotation(Section.class).doc()));
      page.append("| key | default | range | what for |\n|---|---|---|---|\n");
      forEachKey(
          section,
          (key, component) -> {
            Setting setting = component.getAnnotation(Setting.class);
            page.append(
                "| `%s` | `%s` | %s | %s |\n"
                    .formatted(key, setting.byDefault(), range(component), setting.doc()));
          });
      page.append('\n');
    });
    return page.append(ENVIRONMENT).toString();
  }

  /** A file that sets nothing and shows every key. */
  public static String template() {
    StringBuilder file = new StringBuilder();
    file.append("# Configuration of the joblog server. What is commented out shows the default.\n");
    file.append("# Secrets: see docs/configuration.md.\n");
    forEachSection((name, section) -> {
      file.append('\n');
      comment(file, "", section.getAnnotation(Section.class).doc());
      file.append(name).append(":\n");
      forEachKey(section, (key, component) -> describe(file, key, component));
    });
    return file.toString();
  }

  private static void describe(StringBuilder file, String key, RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    comment(file, "  ", setting.doc() + " (" + range(component) + ")");
    file.append("  #%s: %s\n".formatted(key, setting.byDefault()));
  }

  /** The values in force, as YAML, without secrets. */
  public static String inForce(ServerConfig config) {
    StringBuilder file = new StringBuilder();
    forEachSection((name, section) -> {
      file.append(name).append(":\n");
      Object values = valueOf(section, config);
      forEachKey(
          section,
          (key, component) -> {
            String value = written(component, valueOf(component, values));
            file.append("  %s: %s\n".formatted(key, value));
          });
    });
    return file.append("# ").append(config.secrets()).append('\n').toString();
  }

  private static String written(RecordComponent component, Object value) {
    SettingType type = SettingType.of(component);
    return switch (type) {
      case TEXT -> quoted(value.toString());
      case TEXTS ->
          ((List<?>) value)
              .stream()
                  .map(text -> quoted(text.toString()))
                  .collect(Collectors.joining(", ", "[", "]"));
      case FILE -> {
        String path = type.format(value);
        yield path.equals("none") ? path : quoted(path);
      }
      case NUMBER, FLAG, SIZE, TIME -> type.format(value);
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String range(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    return setting.min().isEmpty()
        ? SettingType.of(component).expectation()
        : setting.min() + " to " + setting.max();
  }

  private static Object valueOf(RecordComponent component, Object of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("value of " + component, e);
    }
  }

  private static void forEachSection(BiConsumer<String, RecordComponent> action) {
    SettingsReader.keysOf(ServerConfig.class).forEach(action);
  }

  private static void forEachKey(
      RecordComponent section, BiConsumer<String, RecordComponent> action) {
    SequencedMap<String, RecordComponent> keys =
        SettingsReader.keysOf(section.getType().asSubclass(Record.class));
    keys.forEach(action);
  }

  private static void comment(StringBuilder file, String indent, String text) {
    StringBuilder line = new StringBuilder(indent).append('#');
    for (String word : text.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        file.append(line).append('\n');
        line = new StringBuilder(indent).append('#');
      }
      line.append(' ').append(word);
    }
    file.append(line).append('\n');
  }
}

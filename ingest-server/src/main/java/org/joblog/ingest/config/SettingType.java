package org.joblog.ingest.config;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a value may look like in the file, and what it becomes. Immutable. */
enum SettingType {
  NUMBER("a whole number") {
    @Override
    Object parse(String text) {
      if (!text.matches("-?\\d{1,10}") || Long.parseLong(text) != (int) Long.parseLong(text)) {
        throw unexpected(text);
      }
      return Integer.valueOf(text);
    }
  },
  FLAG("true or false") {
    @Override
    Object parse(String text) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw unexpected(text);
      };
    }
  },
  TEXT("text") {
    @Override
    Object parse(String text) {
      return text;
    }
  },
  TEXTS("a list of texts") {
    @Override
    Object parse(String text) {
      if (!text.equals("[]")) {
        throw unexpected(text);
      }
      return List.of();
    }
  },
  SIZE(ByteSize.EXPECTATION) {
    @Override
    Object parse(String text) {
      return ByteSize.parse(text);
    }
  },
  TIME(Span.EXPECTATION) {
    @Override
    Object parse(String text) {
      return Span.parse(text);
    }

    @Override
    String format(Object value) {
      return Span.format((Duration) value);
    }
  },
  FILE("a path; a relative one begins at the folder of this file") {
    @Override
    Object parse(String text) {
      return text.equals("none") ? Optional.empty() : Optional.of(Path.of(text));
    }

    @Override
    String format(Object value) {
      return ((Optional<?>) value).map(Object::toString).orElse("none");
    }
  };

  private final String expectation;

  SettingType(String expectation) {
    this.expectation = expectation;
  }

  /** What people are told to write. */
  String expectation() {
    return expectation;
  }

  /**
   * Turns the text of one scalar into the value.
   *
   * @throws IllegalArgumentException if it is not of this type, naming text and expectation
   */
  abstract Object parse(String text);

  /** Writes a value so that {@link #parse} reads it; a list as YAML. */
  String format(Object value) {
    return value.toString();
  }

  /** The type of a key, from the type of the component that holds it. */
  static SettingType of(RecordComponent component) {
    Class<?> type = component.getType();
    if (type == int.class) {
      return NUMBER;
    } else if (type == boolean.class) {
      return FLAG;
    } else if (type == String.class) {
      return TEXT;
    } else if (type == List.class) {
      return TEXTS;
    } else if (type == ByteSize.class) {
      return SIZE;
    } else if (type == Duration.class) {
      return TIME;
    } else if (type == Optional.class) {
      return FILE;
    }
    throw new IllegalStateException("type of " + component + " (expected: one of SettingType)");
  }

  /** Checks a value against the range of its key; null if it is inside, else what is wrong. */
  @Nullable String outside(Setting setting, Object value) {
    boolean low = !setting.min().isEmpty() && compare(value, parse(setting.min())) < 0;
    boolean high = !setting.max().isEmpty() && compare(value, parse(setting.max())) > 0;
    if (!low && !high) {
      return null;
    }
    return "%s (expected: %s to %s)".formatted(format(value), setting.min(), setting.max());
  }

  private static int compare(Object left, Object right) {
    return switch (left) {
      case Integer number -> number.compareTo((Integer) right);
      case ByteSize size -> size.compareTo((ByteSize) right);
      case Duration time -> time.compareTo((Duration) right);
      default -> throw new IllegalStateException("range of a " + left.getClass().getSimpleName());
    };
  }

  IllegalArgumentException unexpected(String text) {
    return new IllegalArgumentException(text + " (expected: " + expectation + ")");
  }
}

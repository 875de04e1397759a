package org.joblog.shipper;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.joblog.shipper.link.Servers;
import org.joblog.shipper.window.DrainLimits;
import org.joblog.shipper.window.WindowLimits;
import org.jspecify.annotations.Nullable;

/**
 * Settings from their three places: options, {@code JOBLOG_…} in the environment, and a file of
 * lines {@code key = value}. The words are the same in all: {@code --hold-budget}, {@code
 * JOBLOG_HOLD_BUDGET}, {@code hold-budget}. Confined to one thread.
 */
final class SettingsReader {

  /** Where an operator writes what holds for a node. */
  static final Path FILE = Path.of("/etc/joblog/shipper.conf");

  /** The greatest file that is taken for one of settings. */
  private static final long MAX_FILE_BYTES = 64 * 1024;

  private static final Set<String> VALUES =
      Set.of(
          "server",
          "home",
          "secret-file",
          "cluster",
          "job",
          "task",
          "spool-dir",
          "spool-limit",
          "hold-budget",
          "drain",
          "linger",
          "ca-file",
          "cert-file",
          "key-file",
          "log-file");

  private static final Set<String> FLAGS = Set.of("tls", "verbose");

  /** Where an operator writes what holds for a node's agent. */
  static final Path AGENT_FILE = Path.of("/etc/joblog/agent.conf");

  private static final Set<String> AGENT_VALUES =
      Set.of(
          "server",
          "secret-file",
          "socket",
          "relay-user",
          "spool-dir",
          "spool-limit",
          "node-spool-limit",
          "hold-budget",
          "ca-file",
          "cert-file",
          "key-file",
          "log-file");

  private static final Path AGENT_SOCKET = Path.of("/run/joblog/agent.sock");

  /** What Linux has room for in the address of a Unix socket, with the ".new" that replaces one. */
  private static final int MAX_SOCKET_BYTES = 103;

  private static final String AGENT_SPOOL = "/var/lib/joblog";

  /** What bytes become that are no UTF-8: such a path leads elsewhere, or nowhere. */
  private static final char NOT_UTF_8 = '\uFFFD';

  /** Four jobs that each fill their own: a local disk of a node has room for that. */
  private static final long NODE_SPOOL_BYTES = 1L << 30;

  /** Of bytes, or of what the letter behind it says. */
  private static final long MAX_UNITS = 1L << 32;

  private final Set<String> values;

  private final Map<String, String> options = new HashMap<>();
  private final Map<String, String> file = new HashMap<>();
  private final Map<String, String> environment;

  /** Each once, though some keys are read twice. */
  private final Set<String> complaints = new LinkedHashSet<>();

  /** For {@code run}. */
  SettingsReader(Map<String, String> environment) {
    this(environment, VALUES);
  }

  private SettingsReader(Map<String, String> environment, Set<String> values) {
    this.environment = environment;
    this.values = values;
  }

  /** For {@code agent}, which has keys of its own. */
  static SettingsReader ofAgent(Map<String, String> environment) {
    return new SettingsReader(environment, AGENT_VALUES);
  }

  /**
   * Takes the options before {@code --}.
   *
   * @throws IllegalArgumentException for an unknown one, or one without its value
   */
  SettingsReader options(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String name = word.startsWith("--") ? word.substring(2) : "";
      int equals = name.indexOf('=');
      if (FLAGS.contains(name)) {
        options.put(name, "true");
      } else if (equals > 0 && values.contains(name.substring(0, equals))) {
        options.put(name.substring(0, equals), name.substring(equals + 1));
      } else if (values.contains(name) && i + 1 < words.size()) {
        options.put(name, words.get(++i));
      } else {
        throw new IllegalArgumentException(
            "option: " + word + " (expected: an option of --help with its value)");
      }
    }
    return this;
  }

  /** Takes a file; what is wrong in it is only complained of, so that it never stops a job. */
  SettingsReader file(Path path) {
    try {
      if (Files.isRegularFile(path) && Files.size(path) <= MAX_FILE_BYTES) {
        Files.readAllLines(path).forEach(line -> fileLine(path, line.strip()));
      }
    } catch (CharacterCodingException e) {
      complaints.add(path + ": not UTF-8 (expected: a file in UTF-8)");
    } catch (IOException e) {
      complaints.add(path + ": cannot be read");
    }
    return this;
  }

  private void fileLine(Path path, String line) {
    int equals = line.indexOf('=');
    String key = equals < 0 ? line : line.substring(0, equals).strip();
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    if (equals < 0 || !(values.contains(key) || FLAGS.contains(key))) {
      complaints.add(path + ": unknown key " + key);
    } else if (equals == line.length() - 1) {
      complaints.add(key + ": nothing (expected: a value, or no such line)");
    } else {
      file.put(key, line.substring(equals + 1).strip());
    }
  }

  /** What was wrong but does not matter enough to stop. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /**
   * The settings.
   *
   * @throws IllegalArgumentException if an option has a value out of its range
   */
  Settings settings() {
    return new Settings(
        value("server", Servers::parse),
        path("home"),
        path("secret-file"),
        value("cluster", Function.identity()),
        value("job", Function.identity()),
        value("task", text -> (int) number("task", text, Integer.MAX_VALUE)).orElse(0),
        path("spool-dir").or(() -> folder("TMPDIR")).orElse(Path.of("/tmp")),
        value("spool-limit", text -> bytes("spool-limit", text))
            .orElse(WindowLimits.DEFAULTS.spoolBytes()),
        value("hold-budget", text -> seconds("hold-budget", text))
            .orElse(WindowLimits.DEFAULTS.holdBudget()),
        value("drain", text -> seconds("drain", text))
            .orElse(DrainLimits.DEFAULTS.withoutProgress()),
        value("linger", text -> seconds("linger", text)).orElse(Duration.ofSeconds(2)),
        flag("tls"),
        path("ca-file"),
        path("cert-file"),
        path("key-file"),
        path("log-file"),
        flag("verbose"));
  }

  /**
   * The settings of an agent. What is wrong in any of the three places is among the complaints.
   *
   * @throws IllegalArgumentException if an option has a value out of its range
   */
  AgentSettings agentSettings() {
    return new AgentSettings(
        settings(),
        value("socket", SettingsReader::socket).orElse(AGENT_SOCKET),
        value("relay-user", Function.identity()).orElse(""),
        path("spool-dir").or(() -> folder("STATE_DIRECTORY")).orElse(Path.of(AGENT_SPOOL)),
        value("node-spool-limit", text -> bytes("node-spool-limit", text))
            .orElse(NODE_SPOOL_BYTES));
  }

  private boolean flag(String key) {
    return value(key, text -> truth(key, text)).orElse(false);
  }

  /** A word that is neither counts as true: of TLS that is the safe side. */
  private boolean truth(String key, String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> {
        complaints.add(key + ": " + text + " (expected: true or false)");
        yield true;
      }
    };
  }

  private Optional<Path> path(String key) {
    return value(key, text -> path(key, text));
  }

  private static Path path(String key, String text) {
    if (text.indexOf(NOT_UTF_8) >= 0) {
      throw new IllegalArgumentException(key + ": not UTF-8 (expected: a path in UTF-8)");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          key + ": " + e.getReason() + " (expected: the path of a file)", e);
    }
  }

  private static Path socket(String text) {
    Path socket = path("socket", text);
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_BYTES) {
      throw new IllegalArgumentException(
          "socket: " + text + " (expected: at most " + MAX_SOCKET_BYTES + " bytes)");
    }
    return socket;
  }

  /** A folder that somebody else has named: one that cannot be used is as good as none. */
  private Optional<Path> folder(String variable) {
    return lenient(variable, environment.get(variable), text -> path(variable, text));
  }

  /** An option that is wrong stops; the same in the environment or the file is passed over. */
  private <T> Optional<T> value(String key, Function<String, T> reader) {
    if (options.containsKey(key)) {
      return Optional.of(reader.apply(options.get(key)));
    }
    String variable = "JOBLOG_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    return lenient(variable, environment.get(variable), reader)
        .or(() -> lenient(key, file.get(key), reader));
  }

  private <T> Optional<T> lenient(String name, @Nullable String text, Function<String, T> reader) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.apply(text));
    } catch (IllegalArgumentException e) {
      // The message begins with the key, which is the name in a file, or a variable of others.
      boolean variable = name.startsWith("JOBLOG_");
      complaints.add(variable ? name + ": " + e.getMessage() : String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private static Duration seconds(String key, String text) {
    return Duration.ofSeconds(number(key, text, 1_000_000_000));
  }

  /** A number of bytes, with K, M or G for powers of 1024. */
  private static long bytes(String key, String text) {
    int shift =
        switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
          case 'K' -> 10;
          case 'M' -> 20;
          case 'G' -> 30;
          default -> 0;
        };
    String digits = shift == 0 ? text : text.substring(0, text.length() - 1);
    try {
      return number(key, digits, MAX_UNITS) << shift;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          key + ": " + text + " (expected: 0 to " + MAX_UNITS + ", with K, M or G)", e);
    }
  }

  private static long number(String key, String text, long max) {
    long number;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException e) {
      number = -1;
    }
    if (number < 0 || number > max) {
      throw new IllegalArgumentException(key + ": " + text + " (expected: 0 to " + max + ")");
    }
    return number;
  }
}

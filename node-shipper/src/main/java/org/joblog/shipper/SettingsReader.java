package org.joblog.shipper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.joblog.shipper.link.ServerAddress;
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
  private static final String AGENT_SPOOL = "/var/lib/joblog";

  /** Four jobs that each fill their own: a local disk of a node has room for that. */
  private static final long NODE_SPOOL_BYTES = 1L << 30;

  private final Set<String> values;

  private final Map<String, String> options = new HashMap<>();
  private final Map<String, String> file = new HashMap<>();
  private final Map<String, String> environment;
  private final List<String> complaints = new ArrayList<>();

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
    } else {
      file.put(key, line.substring(equals + 1).strip());
    }
  }

  /** What was wrong but does not matter enough to stop. */
  List<String> complaints() {
    return complaints;
  }

  /**
   * The settings.
   *
   * @throws IllegalArgumentException if an option has a value out of its range
   */
  Settings settings() {
    return new Settings(
        value("server", ServerAddress::parse),
        value("home", Path::of),
        value("secret-file", Path::of),
        value("cluster", Function.identity()),
        value("job", Function.identity()),
        value("task", text -> (int) number("task", text, Integer.MAX_VALUE)).orElse(0),
        value("spool-dir", Path::of).orElseGet(this::temporaryFolder),
        value("spool-limit", text -> bytes("spool-limit", text))
            .orElse(WindowLimits.DEFAULTS.spoolBytes()),
        value("hold-budget", text -> seconds("hold-budget", text))
            .orElse(WindowLimits.DEFAULTS.holdBudget()),
        value("drain", text -> seconds("drain", text))
            .orElse(DrainLimits.DEFAULTS.withoutProgress()),
        value("linger", text -> seconds("linger", text)).orElse(Duration.ofSeconds(2)),
        flag("tls"),
        value("ca-file", Path::of),
        value("cert-file", Path::of),
        value("key-file", Path::of),
        value("log-file", Path::of),
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
        value("socket", Path::of).orElse(AGENT_SOCKET),
        value("relay-user", Function.identity()).orElse(""),
        value("spool-dir", Path::of)
            .orElseGet(() -> Path.of(environment.getOrDefault("STATE_DIRECTORY", AGENT_SPOOL))),
        value("node-spool-limit", text -> bytes("node-spool-limit", text))
            .orElse(NODE_SPOOL_BYTES));
  }

  private boolean flag(String key) {
    return value(key, text -> !text.equals("false") && !text.equals("0")).orElse(false);
  }

  private Path temporaryFolder() {
    return Path.of(environment.getOrDefault("TMPDIR", "/tmp"));
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
      complaints.add(name + ": " + e.getMessage());
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
    return number(key, digits, 1L << 32) << shift;
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

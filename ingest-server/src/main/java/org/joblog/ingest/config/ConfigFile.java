package org.joblog.ingest.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads the configuration: one YAML file, and the secrets from files beside it or from the
 * environment. Safe for use by many threads.
 *
 * <p>The YAML is taken as a tree of text and never becomes objects of its own choice, so no tag of
 * the file can name a class. Depth and size are bounded.
 */
public final class ConfigFile {

  /** Longer files are not configurations. */
  private static final int MAX_BYTES = 1 << 20;

  /** The file has sections, keys and lists: three levels. The rest is room for error messages. */
  private static final int MAX_DEPTH = 10;

  private ConfigFile() {}

  /**
   * Reads a file.
   *
   * @param environment where secrets may be, by name
   * @throws ConfigException if it cannot be read, or does not say what it must, with all problems
   */
  public static ServerConfig read(Path file, Map<String, String> environment)
      throws ConfigException {
    Path folder = file.toAbsolutePath().getParent();
    return parse(textOf(file), folder == null ? Path.of("/") : folder, environment);
  }

  /**
   * Reads a text.
   *
   * @param folder where relative paths begin
   * @param environment where secrets may be, by name
   * @throws ConfigException if it does not say what it must, with all problems
   */
  public static ServerConfig parse(String yaml, Path folder, Map<String, String> environment)
      throws ConfigException {
    SettingsReader reader = new SettingsReader(folder);
    Map<Class<?>, Object> sections = reader.readAll(compose(yaml));
    List<String> problems = new ArrayList<>(reader.problems());
    refuse(problems);
    ListenConfig listen = section(sections, ListenConfig.class);
    DatabaseConfig database = section(sections, DatabaseConfig.class);
    ViewingConfig viewing = section(sections, ViewingConfig.class);
    Secrets secrets = new SecretsReader(environment, problems).read(listen, database, viewing);
    refuse(problems);
    return new ServerConfig(
        listen,
        section(sections, HttpConfig.class),
        database,
        section(sections, LaneConfig.class),
        section(sections, LimitsConfig.class),
        section(sections, ThroughputConfig.class),
        section(sections, RenderingConfig.class),
        section(sections, RetentionConfig.class),
        section(sections, SlurmConfig.class),
        viewing,
        secrets);
  }

  private static void refuse(List<String> problems) throws ConfigException {
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static <R> R section(Map<Class<?>, Object> sections, Class<R> type) {
    return type.cast(Objects.requireNonNull(sections.get(type)));
  }

  private static String textOf(Path file) throws ConfigException {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new ConfigException(
            List.of("%s: %d bytes (expected: <= %d)".formatted(file, size, MAX_BYTES)));
      }
      return Files.readString(file);
    } catch (MalformedInputException e) {
      throw new ConfigException(List.of(file + ": wrong bytes (expected: UTF-8)"));
    } catch (IOException e) {
      throw new ConfigException(List.of(file + ": cannot be read: " + e));
    }
  }

  private static @Nullable Node compose(String yaml) throws ConfigException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_BYTES);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    try {
      return new Yaml(options).compose(new StringReader(yaml));
    } catch (MarkedYAMLException e) {
      String line =
          e.getProblemMark() == null ? "" : ", line " + (e.getProblemMark().getLine() + 1);
      throw new ConfigException(List.of("not YAML: " + e.getProblem() + line));
    } catch (YAMLException e) {
      throw new ConfigException(List.of("not YAML: " + e.getMessage()));
    }
  }
}

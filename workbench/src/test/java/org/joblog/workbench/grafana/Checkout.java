package org.joblog.workbench.grafana;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Files of this checkout. Safe for use by many threads. */
public final class Checkout {

  /** Tests run in the folder of their module. */
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Checkout() {}

  public static Path path(String name) {
    return ROOT.resolve(name);
  }

  public static String text(String name) throws IOException {
    return Files.readString(path(name));
  }

  /** The files of a folder and the folders below that end so, in order. */
  public static List<Path> files(String folder, String end) throws IOException {
    try (Stream<Path> files = Files.walk(path(folder))) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  /** A file of YAML, or of JSON, which is YAML too. */
  public static Node yaml(Path file) throws IOException {
    return new Node(
        new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file)));
  }
}

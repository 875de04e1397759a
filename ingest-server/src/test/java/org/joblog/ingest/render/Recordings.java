package org.joblog.ingest.render;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Recordings of real programs: {@code NAME.raw} is what they printed, {@code NAME.expected} what a
 * terminal showed, {@code NAME.expected-policy} where a log keeps more than a terminal, {@code
 * NAME.timing} how the bytes came, if that is known. Two files dropped into the folder are a new
 * one.
 */
final class Recordings {

  private static final Pattern READ = Pattern.compile("\\[[^,]+, *(\\d+)]");

  /**
   * One recording.
   *
   * @param name what it is called
   * @param bytes what was printed
   * @param expected the lines, joined by line feeds, without blank ones at the end
   * @param reads how many bytes each read got; empty if that is not known
   */
  record Recording(String name, byte[] bytes, String expected, List<Integer> reads) {

    @Override
    public String toString() {
      return name;
    }
  }

  private Recordings() {}

  static List<Recording> all() {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(file -> file.toString().endsWith(".raw"))
          .sorted()
          .map(Recordings::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Recordings.class.getResource("/console/corpus").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Recording read(Path raw) {
    String name = raw.getFileName().toString().replace(".raw", "");
    try {
      Path policy = raw.resolveSibling(name + ".expected-policy");
      Path plain = raw.resolveSibling(name + ".expected");
      String expected = Files.readString(Files.exists(policy) ? policy : plain);
      Path timing = raw.resolveSibling(name + ".timing");
      List<Integer> reads =
          Files.exists(timing)
              ? Files.readAllLines(timing, StandardCharsets.UTF_8).stream()
                  .map(READ::matcher)
                  .filter(Matcher::find)
                  .map(read -> Integer.parseInt(read.group(1)))
                  .toList()
              : List.of();
      return new Recording(name, Files.readAllBytes(raw), expected.stripTrailing(), reads);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

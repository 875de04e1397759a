package org.joblog.ingest.render;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The cases of console/cases.tsv. */
final class Cases {

  /**
   * One case.
   *
   * @param name what it is called
   * @param input the bytes
   * @param expected the lines, joined by line feeds
   * @param kind V, P, I or D
   */
  record Case(String name, byte[] input, String expected, String kind) {

    boolean folds() {
      return kind.equals("D");
    }

    /** What is compared: in class I the number of U+FFFD depends on the decoder. */
    String comparable(String text) {
      return kind.equals("I") ? text.replaceAll("\uFFFD+", "\uFFFD") : text;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private Cases() {}

  static List<Case> all() {
    return text("/console/cases.tsv")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(Cases::parse)
        .toList();
  }

  private static Case parse(String line) {
    List<String> fields = List.of(line.split("\t", -1));
    return new Case(
        fields.get(0),
        unescape(fields.get(1)),
        new String(unescape(fields.get(2)), StandardCharsets.UTF_8),
        fields.get(3));
  }

  private static byte[] unescape(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c != '\\') {
        int end = text.offsetByCodePoints(i, 1);
        out.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end;
        continue;
      }
      char kind = text.charAt(i + 1);
      i += 2;
      switch (kind) {
        case 'n' -> out.write('\n');
        case 'r' -> out.write('\r');
        case 't' -> out.write('\t');
        case 'b' -> out.write('\b');
        case '\\' -> out.write('\\');
        case 'x' -> {
          out.write(Integer.parseInt(text.substring(i, i + 2), 16));
          i += 2;
        }
        case 'u' -> {
          String character = Character.toString(Integer.parseInt(text.substring(i, i + 4), 16));
          out.writeBytes(character.getBytes(StandardCharsets.UTF_8));
          i += 4;
        }
        default -> throw new IllegalArgumentException("escape: \\" + kind);
      }
    }
    return out.toByteArray();
  }

  private static String text(String resource) {
    try (InputStream in = Cases.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource: " + resource + " (expected: on the class path)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package org.joblog.shipper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The environment and the words of this process as the system holds them: bytes, which need not be
 * text in any encoding. Immutable.
 */
final class Environment {

  /** What the launch script has changed for Java's own start, and the command gets back. */
  private static final String SAVED = "JOBLOG_SAVED_";

  /** What the launch script has added for Java's own start, and the command does not get. */
  static final String UNSET = "JOBLOG_UNSET_";

  /** Says to wrapped commands of the same run that their output is captured already. */
  static final String CAPTURED = "SLURM_JOBLOG_CAPTURED";

  private final List<byte[]> entries;

  Environment(List<byte[]> entries) {
    this.entries = List.copyOf(entries);
  }

  /** This process's. */
  static Environment ofThisProcess() throws IOException {
    return new Environment(split(Files.readAllBytes(Path.of("/proc/self/environ"))));
  }

  /** The words of this process's command line. */
  static List<byte[]> words() throws IOException {
    return split(Files.readAllBytes(Path.of("/proc/self/cmdline")));
  }

  /** The last words of this process's command line. */
  static List<byte[]> lastWords(int count) throws IOException {
    List<byte[]> words = words();
    return words.subList(words.size() - count, words.size());
  }

  static List<byte[]> split(byte[] strings) {
    List<byte[]> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < strings.length; i++) {
      if (strings[i] == 0) {
        parts.add(Arrays.copyOfRange(strings, start, i));
        start = i + 1;
      }
    }
    return parts;
  }

  /** Whether there is an entry of this name. */
  boolean has(String name) {
    return entries.stream().anyMatch(entry -> startsWith(entry, name + "="));
  }

  /** This one for a second start of this program, with a mark that the command does not get. */
  List<byte[]> marked(String mark) {
    List<byte[]> marked = new ArrayList<>(entries);
    marked.add((mark + "=").getBytes(StandardCharsets.US_ASCII));
    return marked;
  }

  /** As text, for what is text. */
  Map<String, String> asMap() {
    Map<String, String> map = new HashMap<>();
    for (byte[] entry : entries) {
      String text = new String(entry, StandardCharsets.UTF_8);
      int equals = text.indexOf('=');
      if (equals > 0) {
        map.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return map;
  }

  /** What the command gets: the same, as if joblog were not there. */
  List<byte[]> forCommand() {
    Set<String> changed = new HashSet<>();
    List<byte[]> saved = new ArrayList<>();
    for (byte[] entry : entries) {
      if (startsWith(entry, SAVED)) {
        saved.add(Arrays.copyOfRange(entry, SAVED.length(), entry.length));
        changed.add(name(entry).substring(SAVED.length()));
      } else if (startsWith(entry, UNSET)) {
        changed.add(name(entry).substring(UNSET.length()));
      }
    }
    List<byte[]> restored = new ArrayList<>(entries);
    restored.removeIf(entry ->
        startsWith(entry, SAVED) || startsWith(entry, UNSET) || changed.contains(name(entry)));
    restored.addAll(saved);
    return restored;
  }

  /** What stands before the first {@code =}; each byte is a character of its own. */
  private static String name(byte[] entry) {
    String text = new String(entry, StandardCharsets.ISO_8859_1);
    int equals = text.indexOf('=');
    return equals < 0 ? text : text.substring(0, equals);
  }

  /** What a captured command gets: the same, and a mark for those that it wraps itself. */
  List<byte[]> forCaptured(String run) {
    List<byte[]> marked = forCommand();
    marked.removeIf(entry -> startsWith(entry, CAPTURED + "="));
    marked.add((CAPTURED + "=" + run).getBytes(StandardCharsets.UTF_8));
    return marked;
  }

  private static boolean startsWith(byte[] entry, String prefix) {
    byte[] start = prefix.getBytes(StandardCharsets.US_ASCII);
    return entry.length >= start.length
        && Arrays.equals(entry, 0, start.length, start, 0, start.length);
  }
}

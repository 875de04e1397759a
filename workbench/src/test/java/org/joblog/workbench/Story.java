package org.joblog.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What one stream of a job prints, and what must be stored of it. Numbered lines, among them
 * records, progress bars, repeated lines and characters of several bytes. Confined to one thread.
 */
final class Story {

  /** Begins every word that must be stored nowhere. */
  static final String HIDDEN = "hidden-7f3a-";

  private final String name;
  private final Random random;
  private final boolean stdout;
  private final List<String> lines = new ArrayList<>();
  private final List<String> records = new ArrayList<>();
  private final List<String> modes = new ArrayList<>();
  private int number;
  private String mode = "enabled";

  /**
   * A story that begins.
   *
   * @param stdout whether records are looked for
   */
  Story(String name, long seed, boolean stdout) {
    this.name = name;
    this.stdout = stdout;
    random = new Random(seed);
  }

  /** Lines that must be stored, in order, repetitions written out. */
  List<String> lines() {
    return lines;
  }

  /** Records that must be stored, in order. */
  List<String> records() {
    return records;
  }

  /** Modes that were switched to, in order. */
  List<String> modes() {
    return modes;
  }

  /** The next line, as it is printed. */
  String next() {
    number++;
    String hiding = mode.equals("enabled") ? "" : HIDDEN;
    return switch (random.nextInt(16)) {
      case 0 -> record();
      case 1 -> bar(hiding);
      case 2 -> again(hiding);
      case 3 -> shown(hiding + name + " " + number + " \u00e4\u4e2d\ud83d\ude00");
      default -> shown(hiding + name + " " + number + " " + "x".repeat(random.nextInt(100)) + ".");
    };
  }

  private String record() {
    // Under "metadata" the record is what may be stored; under "disabled" nothing.
    String word = mode.equals("disabled") ? HIDDEN : "note-";
    String json = "{\"step\":%d,\"word\":\"%s%d\"}".formatted(number, word, number);
    if (stdout && !mode.equals("disabled")) {
      records.add(json);
    }
    return shown(json);
  }

  private String bar(String hiding) {
    String done = hiding + name + " " + number + " 100%";
    shown(done);
    return "\r" + hiding + name + " " + number + "   1%\r" + done + "\n";
  }

  private String again(String hiding) {
    StringBuilder printed = new StringBuilder();
    String line = hiding + name + " " + number + " again";
    for (int i = random.nextInt(6); i >= 0; i--) {
      printed.append(shown(line));
    }
    return printed.toString();
  }

  /** A command: the line is shown unless the mode before and after it is metadata. */
  String command(String to) {
    String line = "/LOGCOMMAND {\"mode\":\"" + to + "\"}";
    if (!mode.equals("metadata") || !to.equals("metadata")) {
      lines.add(line);
    }
    mode = to;
    modes.add(to);
    return line + "\n";
  }

  /** Another stream has switched the mode. */
  void follow(String to) {
    mode = to;
  }

  private String shown(String line) {
    if (mode.equals("enabled")) {
      lines.add(line);
    }
    return line + "\n";
  }
}

package org.joblog.ingest.options;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says where YAML is broken. The library's own messages are not passed on: they quote the file. */
final class YamlPlace {

  private YamlPlace() {}

  /** The place in words to append to a sentence, empty if it is not known. */
  static String of(YAMLException problem) {
    return switch (problem) {
      case MarkedYAMLException marked when marked.getProblemMark() != null ->
          inLine(marked.getProblemMark());
      case ReaderException unprintable ->
          String.format(
              " (character U+%04X at position %d is not allowed)",
              unprintable.getCodePoint(), unprintable.getPosition());
      default -> "";
    };
  }

  private static String inLine(Mark mark) {
    String place = " (line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
    int[] text = mark.getBuffer();
    boolean tab = mark.getPointer() < text.length && text[mark.getPointer()] == '\t';
    return place + (tab ? "; a tab cannot indent, use spaces)" : ")");
  }
}

package org.joblog.ingest.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.line.Candidate;
import org.joblog.ingest.line.LineSorter;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /LOGCOMMAND {"mode":"metadata"}}: the word, one space, one JSON object, nothing
 * before or after. Safe for use by many threads.
 *
 * <p>A command without options is valid and changes nothing. An unknown option is ignored with a
 * notice. A mode that is given twice, or is not a word of {@link Mode}, makes the command invalid.
 */
public final class CommandReader {

  private final CommandLimits limits;
  private final JsonFactory json;

  public CommandReader(CommandLimits limits) {
    this.limits = limits;
    this.json =
        JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(
                StreamReadConstraints.builder().maxNestingDepth(limits.depth()).build())
            .build();
  }

  /**
   * Which reading of a line counts: the first that is a valid command, else the first of all. What
   * a console shows is tried before the raw text after the last carriage return.
   */
  public Candidate choose(Candidate line) {
    for (Candidate tried = line; tried != null; tried = tried.otherwise()) {
      if (read(tried.bytes(), tried.from(), tried.to()) instanceof CommandResult.Valid) {
        return tried;
      }
    }
    return line;
  }

  /** Reads the line in the given range of bytes, {@code to} exclusive; never fails. */
  public CommandResult read(byte[] bytes, int from, int to) {
    if (!LineSorter.beginsAsCommand(bytes, from, to)) {
      return new CommandResult.NotACommand();
    }
    if (to - from > limits.bytes()) {
      return new CommandResult.Invalid(
          "command length: " + (to - from) + " bytes (expected: <= " + limits.bytes() + ")");
    }
    int begin = from + LineSorter.commandPrefixLength();
    if (begin == to || bytes[begin] != '{' || bytes[to - 1] != '}') {
      return new CommandResult.Invalid(
          "after /LOGCOMMAND and one space a JSON object is expected, and nothing behind it");
    }
    // As text: in bytes the library would look for UTF-16.
    String object = new String(bytes, begin, to - begin, StandardCharsets.UTF_8);
    try (JsonParser parser = json.createParser(object)) {
      parser.nextToken();
      return readOptions(parser);
    } catch (IOException e) {
      // The library's message quotes the line.
      return new CommandResult.Invalid("the JSON object is not valid");
    }
  }

  private CommandResult readOptions(JsonParser parser) throws IOException {
    @Nullable Mode mode = null;
    boolean modeGiven = false;
    List<Integer> unknown = new ArrayList<>();
    int options = 0;
    @Nullable String problem = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      options++;
      boolean isMode = parser.currentName().equals("mode");
      JsonToken value = parser.nextToken();
      if (!isMode) {
        unknown.add(options);
        parser.skipChildren();
      } else if (modeGiven) {
        problem = "`mode` is given twice";
        parser.skipChildren();
      } else {
        modeGiven = true;
        mode = value == JsonToken.VALUE_STRING ? Mode.ofWord(parser.getText()).orElse(null) : null;
        problem = mode == null ? "`mode` must be \"enabled\", \"metadata\" or \"disabled\"" : null;
        parser.skipChildren();
      }
    }
    if (parser.nextToken() != null) {
      return new CommandResult.Invalid("something stands behind the JSON object");
    }
    if (problem != null) {
      return new CommandResult.Invalid(problem);
    }
    return new CommandResult.Valid(mode, notices(options, unknown));
  }

  private List<String> notices(int options, List<Integer> unknown) {
    if (options == 0) {
      return List.of("The command sets no option; nothing changed.");
    }
    List<String> notices = new ArrayList<>();
    for (int number : unknown.subList(0, Math.min(unknown.size(), limits.notices()))) {
      notices.add(
          "Option " + number + " of the command is unknown and was ignored (known: \"mode\").");
    }
    if (unknown.size() > limits.notices()) {
      notices.add(
          (unknown.size() - limits.notices())
              + " more options of the command are unknown and were ignored.");
    }
    return notices;
  }
}

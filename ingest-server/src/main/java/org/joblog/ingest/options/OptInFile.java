package org.joblog.ingest.options;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.options.Mode;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads a user's .logoptin. Safe for use by many threads.
 *
 * <p>The file is YAML; an empty one means {@link JobOptions#DEFAULT}. What is wrong with it is told
 * in notices. An unknown key is ignored. Anything that cannot be understood puts the job in {@link
 * Mode#DISABLED}, because a mistake must not publish what its writer wanted to hide; for the same
 * reason {@code commands} then stays off if the file mentions it and does not clearly say {@code
 * true}.
 */
public final class OptInFile {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final OptInLimits limits;

  public OptInFile(OptInLimits limits) {
    this.limits = limits;
  }

  /** Reads with the default limits. */
  public static OptInResult read(byte[] rawYaml) {
    return new OptInFile(OptInLimits.DEFAULT).parse(rawYaml);
  }

  /** Reads the raw bytes of a file; never fails. */
  public OptInResult parse(byte[] rawYaml) {
    OptInMapping mapping = new OptInMapping(limits);
    List<String> notices = new ArrayList<>();
    try {
      mapping.read(decode(rawYaml));
      notices.addAll(mapping.notices());
      return new OptInResult(mapping.options(), notices);
    } catch (NotUnderstood problem) {
      notices.addAll(mapping.notices());
      notices.add(whenInDoubt(problem.problem()));
    } catch (YAMLException problem) {
      notices.addAll(mapping.notices());
      notices.add(whenInDoubt("it is not valid YAML" + YamlPlace.of(problem)));
    }
    return new OptInResult(new JobOptions(Mode.DISABLED, mapping.commandsWhenInDoubt()), notices);
  }

  private String decode(byte[] rawYaml) throws NotUnderstood {
    if (rawYaml.length > limits.fileBytes()) {
      throw new NotUnderstood(
          "file length: more than " + limits.fileBytes() + " bytes (expected: at most that)");
    }
    ByteBuffer bytes = ByteBuffer.wrap(rawYaml);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new NotUnderstood("it is not valid UTF-8 (byte " + bytes.position() + ")");
    }
  }

  private static String whenInDoubt(String problem) {
    return ".logoptin cannot be understood, so this job's output is not logged (mode: disabled): "
        + problem
        + ".";
  }
}

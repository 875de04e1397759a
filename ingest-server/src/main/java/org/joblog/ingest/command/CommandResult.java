package org.joblog.ingest.command;

import java.util.List;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;

/** What a line says that may be a command. Immutable. Messages never quote the line. */
public sealed interface CommandResult {

  /**
   * A command to obey.
   *
   * @param mode the new mode, or null if the command leaves it as it is
   * @param notices what of the command was ignored, in words; mostly empty
   */
  record Valid(@Nullable Mode mode, List<String> notices) implements CommandResult {
    public Valid {
      notices = List.copyOf(notices);
    }
  }

  /**
   * A line that begins as a command and is none: the job goes to {@link Mode#DISABLED}, because a
   * typo must not publish a password.
   *
   * @param reason what is wrong, in words
   */
  record Invalid(String reason) implements CommandResult {}

  /** A line that does not begin as a command. */
  record NotACommand() implements CommandResult {}
}

package org.joblog.schema.options;

/**
 * The options in force when a job starts. Immutable.
 *
 * @param mode what is stored until a command changes it
 * @param commands whether /LOGCOMMAND lines are obeyed; if not they are plain text
 */
public record JobOptions(Mode mode, boolean commands) {

  /** What an empty .logoptin means. */
  public static final JobOptions DEFAULT = new JobOptions(Mode.ENABLED, true);

  /** What a .logoptin that cannot be understood means: when in doubt nothing is shown to others. */
  public static final JobOptions WHEN_IN_DOUBT = new JobOptions(Mode.DISABLED, true);
}

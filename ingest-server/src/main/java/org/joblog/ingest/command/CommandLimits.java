package org.joblog.ingest.command;

/**
 * Bounds on a command. Immutable.
 *
 * @param bytes longest line that is read as a command; a real one has about 40 bytes
 * @param depth deepest nesting in options that nobody knows
 * @param notices how many ignored options are told one by one; the rest is counted
 */
public record CommandLimits(int bytes, int depth, int notices) {

  /** The limits that the documentation names. */
  public static final CommandLimits DEFAULT = new CommandLimits(4096, 16, 4);
}

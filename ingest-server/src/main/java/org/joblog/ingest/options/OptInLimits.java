package org.joblog.ingest.options;

/**
 * Bounds on what is read of a .logoptin. Immutable.
 *
 * @param fileBytes longest file that is read; the documented size, far above any real one
 * @param depth deepest nesting that is walked over in keys that nobody knows
 * @param namedKeys how many unknown keys are named to the user; the rest is counted
 * @param keyCharacters how much of an unknown key is shown
 */
public record OptInLimits(int fileBytes, int depth, int namedKeys, int keyCharacters) {

  /** The limits that the documentation names. */
  public static final OptInLimits DEFAULT = new OptInLimits(64 * 1024, 16, 8, 40);
}

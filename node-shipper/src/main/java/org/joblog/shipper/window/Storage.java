package org.joblog.shipper.window;

import java.nio.file.Path;

/**
 * Where a window keeps bytes, shared by all jobs of this process. Immutable; the allowances count.
 *
 * @param spoolFolder where files are made
 * @param spool bytes on disk
 * @param rings bytes of memory
 */
public record Storage(Path spoolFolder, Allowance spool, Allowance rings) {

  /** A sixteenth of what is left, so that late streams find some too. */
  private static final int SHARE = 16;

  /** For a process that carries one job: the job's own limits are enough. */
  public static Storage ofOneJob(Path spoolFolder) {
    return new Storage(spoolFolder, Allowance.unlimited(), Allowance.unlimited());
  }

  /** Takes memory for a stream's ring: as much as it would like, down to one block of the spool. */
  int takeRing(int most) {
    long share = Long.highestOneBit(Math.max(1, rings.left() / SHARE));
    int bytes = (int) Math.max(WindowLimits.SPILL_BYTES, Math.min(most, share));
    rings.takeAnyway(bytes);
    return bytes;
  }
}

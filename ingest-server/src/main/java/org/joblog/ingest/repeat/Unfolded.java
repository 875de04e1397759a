package org.joblog.ingest.repeat;

import org.joblog.ingest.console.Row;
import org.joblog.schema.log.LineKind;

/**
 * Passes rows on as they are, but for empty ones at the end: what a fold would have been given.
 * Confined to its lane's thread.
 */
public final class Unfolded {

  private final Fold.Outlet outlet;
  private long empty;
  private long emptyAtMicros;

  /** Passes rows on to an outlet. */
  public Unfolded(Fold.Outlet outlet) {
    this.outlet = outlet;
  }

  /** Takes the next final row. */
  public void row(Row row) {
    if (row.from() == row.to()) {
      empty++;
      emptyAtMicros = row.lastAtMicros();
      return;
    }
    if (empty > 0) {
      Row blank = Row.of("", LineKind.TEXT, emptyAtMicros);
      for (; empty > 0; empty--) {
        outlet.line(blank, 0);
      }
    }
    outlet.line(row, 0);
  }
}

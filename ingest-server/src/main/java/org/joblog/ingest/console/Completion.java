package org.joblog.ingest.console;

import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * Asks the outlet what a completed row is. The outlet may empty the window meanwhile, which those
 * who ask must know. Confined to its lane's thread.
 */
final class Completion {

  private final Console.Outlet outlet;
  private final RowView view;
  private boolean asking;

  /** Counts how often the window was emptied. */
  private long emptied;

  Completion(Console.Outlet outlet, RowView view) {
    this.outlet = outlet;
    this.view = view;
  }

  /** Whether the outlet is looking at a row: then its line is over. */
  boolean isAsking() {
    return asking;
  }

  /** The window was emptied. */
  void emptied() {
    emptied++;
  }

  /**
   * A row is complete.
   *
   * @param segment what may be a command or an object, or null
   * @param withheld whether the outlet is told only that there was a row
   * @return false if the window was emptied meanwhile, and the row with it
   */
  boolean complete(Line line, @Nullable Segment segment, boolean withheld) {
    long before = emptied;
    asking = true;
    LineKind kind =
        withheld
            ? outlet.completed(view.empty(line), null)
            : outlet.completed(view.of(line), segment);
    asking = false;
    if (before != emptied) {
      return false;
    }
    line.complete(kind);
    return true;
  }
}

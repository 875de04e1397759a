package org.joblog.ingest.repeat;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.joblog.ingest.console.Row;

/** Folds repeated and empty lines: passes all through so far. Confined to its lane's thread. */
public final class Fold {

  /** Where folded lines go. */
  public interface Outlet {

    /** The next line of the log; the view is valid only during the call. */
    void line(FoldedLine line);
  }

  private final FoldLimits limits;
  private final Outlet outlet;
  private final FoldedLine view = new FoldedLine();

  /**
   * A fold that has seen nothing.
   *
   * @param limits its bounds
   * @param outlet where lines go
   */
  public Fold(FoldLimits limits, Outlet outlet) {
    this.limits = limits;
    this.outlet = outlet;
  }

  /** Takes the next final row. */
  public void row(Row row) {
    outlet.line(view.of(row));
  }

  /** Ends open runs, so that what follows is compared with nothing before. */
  public void flush() {}

  /** A copy that goes on from here into another outlet and leaves this one as it is. */
  public Fold fork(Outlet other) {
    return new Fold(limits, other);
  }

  /** Writes the open runs. */
  public void writeTo(DataOutput out) throws IOException {}

  /** Reads what {@link #writeTo} wrote. */
  public static Fold readFrom(DataInput in, FoldLimits limits, Outlet outlet) throws IOException {
    return new Fold(limits, outlet);
  }
}

package org.joblog.ingest.console;

/** Sees the rows of a window, top to bottom. */
@FunctionalInterface
public interface RowVisitor {

  /** One row; the view is valid only during the call. */
  void row(Row row);
}

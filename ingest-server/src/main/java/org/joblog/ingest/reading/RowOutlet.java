package org.joblog.ingest.reading;

import java.io.IOException;

/** Takes rows while they are read; may wait for who reads them. */
@FunctionalInterface
public interface RowOutlet {

  /**
   * Takes a row.
   *
   * @param json an object on one line
   */
  void row(String json) throws IOException;
}

package org.joblog.shipper.link;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connection that never waits: bytes go through as they are, or through TLS. Confined to the
 * link's thread.
 */
interface Transport extends Closeable {

  /**
   * Reads what is there.
   *
   * @return how many bytes, 0 if none are there now, -1 at the end
   */
  int read(ByteBuffer into) throws IOException;

  /** Writes as much as goes now; the buffer's position tells how much. */
  void write(ByteBuffer from) throws IOException;

  /** Whether it has something to write of its own, so that it must hear when it can. */
  boolean wantsToWrite();
}

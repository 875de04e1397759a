package org.joblog.ingest.net;

import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;

/** What the net floor counts. The default counts nothing. Safe for use by many threads. */
public interface NetMeter {

  /** Counts nothing. */
  NetMeter NONE = new NetMeter() {};

  /** A connection came, or went. */
  default void connections(int change) {}

  /** A frame was taken. */
  default void received(int frameBytes) {}

  /** Bytes of output were taken. */
  default void receivedOutput(int bytes) {}

  /** A connection was refused. */
  default void refused(RefusalCode code) {}

  /** A sender was told to wait. */
  default void paused(PauseReason reason) {}
}

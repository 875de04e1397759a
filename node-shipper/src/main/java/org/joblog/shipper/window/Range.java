package org.joblog.shipper.window;

import org.joblog.schema.wire.Frame.GapReason;

/** Bytes of a stream that are no longer in memory, by their offsets. Immutable. */
sealed interface Range {

  /** Offset of the first byte. */
  long from();

  /** Offset after the last byte. */
  long to();

  /** When the first of them was read, or lost. */
  long atMicros();

  /** They lie on disk. */
  record Spooled(long from, long to, long atMicros, Spool.Entry entry) implements Range {}

  /** They are lost. */
  record Lost(long from, long to, long atMicros, GapReason reason) implements Range {}
}

package org.joblog.shipper.window;

import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;

/** What is to be sent next of a stream. Offsets count from the shipper's start. Immutable. */
public sealed interface Piece {

  /** Nothing for now. */
  record Nothing() implements Piece {}

  /** Bytes, which have been put into the buffer that was handed in. */
  record Bytes(long offset, long atMicros) implements Piece {}

  /** Bytes that are lost. */
  record Lost(long from, long to, long atMicros, GapReason reason) implements Piece {}

  /** Something that is no byte; said once. */
  record Told(long atMicros, NoticeCode code, long detail) implements Piece {}

  /** The end; said once after each rewind. */
  record End(long length, long atMicros) implements Piece {}
}

package org.joblog.schema.wire;

/**
 * A frame's header, checked: a known type, no flags, and a body whose length fits the type.
 * Immutable.
 *
 * @param type what the frame is
 * @param bodyBytes how many bytes follow the header
 * @param crc CRC-32C of the header's first eight bytes and the body, as the sender calculated it
 */
public record FrameHeader(FrameType type, int bodyBytes, int crc) {}

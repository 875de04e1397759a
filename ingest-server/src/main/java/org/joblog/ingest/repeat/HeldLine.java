package org.joblog.ingest.repeat;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.joblog.ingest.console.Row;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * A line of text that is not stored yet, because it may be a repetition. Immutable.
 *
 * @param text UTF-8
 * @param hash of the text
 * @param firstAtMicros when it was first written to, microseconds since the epoch
 * @param lastAtMicros when it was last written to
 * @param ansi with colours, or null
 */
record HeldLine(
    byte[] text, long hash, long firstAtMicros, long lastAtMicros, @Nullable String ansi) {

  static HeldLine of(Row row, long hash) {
    return new HeldLine(
        Arrays.copyOfRange(row.bytes(), row.from(), row.to()),
        hash,
        row.firstAtMicros(),
        row.lastAtMicros(),
        row.ansi());
  }

  Row row() {
    return Row.of(text, LineKind.TEXT, firstAtMicros, lastAtMicros, ansi);
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(text.length);
    out.write(text);
    out.writeLong(firstAtMicros);
    out.writeLong(lastAtMicros);
    byte[] colours = ansi == null ? new byte[0] : ansi.getBytes(StandardCharsets.UTF_8);
    out.writeInt(colours.length);
    out.write(colours);
  }

  static HeldLine readFrom(DataInput in) throws IOException {
    byte[] text = new byte[in.readInt()];
    in.readFully(text);
    long first = in.readLong();
    long last = in.readLong();
    byte[] colours = new byte[in.readInt()];
    in.readFully(colours);
    return new HeldLine(
        text,
        RecentLines.hash(text, 0, text.length),
        first,
        last,
        colours.length == 0 ? null : new String(colours, StandardCharsets.UTF_8));
  }
}

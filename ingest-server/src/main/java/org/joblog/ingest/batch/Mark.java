package org.joblog.ingest.batch;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/**
 * What is special about one line of a chunk. Immutable.
 *
 * @param index of the line in its chunk, from 0
 * @param kind what the line is
 * @param repeats for {@link LineKind#REPEAT} how many lines (or blocks) it stands for, else 0
 * @param firstAtMicros for {@link LineKind#REPEAT} the time of the first repetition, else 0
 * @param lastAtMicros for {@link LineKind#REPEAT} the time of the last repetition, else 0
 * @param cutBytes how many bytes of UTF-8 were cut from the end of a line that was too long, else 0
 * @param ansi the line with colours in canonical form (console.md 5.5), or null if it has none
 */
public record Mark(
    int index,
    LineKind kind,
    long repeats,
    long firstAtMicros,
    long lastAtMicros,
    long cutBytes,
    @Nullable String ansi) {

  void writeTo(DataOutput out) throws IOException {
    out.writeInt(index);
    out.writeByte(kind.code());
    out.writeLong(repeats);
    out.writeLong(firstAtMicros);
    out.writeLong(lastAtMicros);
    out.writeLong(cutBytes);
    byte[] colours = ansi == null ? new byte[0] : ansi.getBytes(StandardCharsets.UTF_8);
    out.writeInt(colours.length);
    out.write(colours);
  }

  static Mark readFrom(DataInput in) throws IOException {
    int index = in.readInt();
    LineKind kind = LineKind.of(in.readUnsignedByte());
    long repeats = in.readLong();
    long firstAtMicros = in.readLong();
    long lastAtMicros = in.readLong();
    long cutBytes = in.readLong();
    byte[] colours = new byte[in.readInt()];
    in.readFully(colours);
    String ansi = colours.length == 0 ? null : new String(colours, StandardCharsets.UTF_8);
    return new Mark(index, kind, repeats, firstAtMicros, lastAtMicros, cutBytes, ansi);
  }
}

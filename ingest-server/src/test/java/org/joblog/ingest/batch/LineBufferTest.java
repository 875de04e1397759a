package org.joblog.ingest.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.joblog.schema.log.LineKind;
import org.junit.jupiter.api.Test;

class LineBufferTest {

  private final LineBuffer buffer = new LineBuffer(7);

  @Test
  void numbersLinesOnAcrossChunks() {
    add("one", 1);
    add("", 1);
    assertThat(buffer.chunk(0, 2).firstLine()).isEqualTo(7);
    buffer.clear();
    add("three", 1);
    assertThat(buffer.chunk(0, 1).firstLine()).isEqualTo(9);
    assertThat(buffer.nextLine()).isEqualTo(10);
  }

  @Test
  void encodesTimesAsRunsFromTheEarliestOn() {
    add("a", 100);
    add("b", 100);
    add("c", 90);
    add("d", 200);
    Chunk chunk = buffer.chunk(0, 4);
    assertThat(chunk.firstAtMicros()).isEqualTo(90);
    assertThat(chunk.lastAtMicros()).isEqualTo(200);
    assertThat(chunk.runLines()).containsExactly(2, 1, 1);
    assertThat(chunk.runMicros()).containsExactly(10, 0, 110);
  }

  @Test
  void keepsEmptyLinesApart() {
    add("", 1);
    add("", 1);
    add("x", 1);
    add("", 1);
    assertThat(ScreenPublisherTest.linesOf(buffer.chunk(0, 4))).containsExactly("", "", "x", "");
    assertThat(ScreenPublisherTest.linesOf(buffer.chunk(1, 3))).containsExactly("", "x");
  }

  @Test
  void marksOnlyLinesThatAreSpecialAndMovesTheirIndexIntoASlice() {
    add("plain", 1);
    byte[] text = "[previous line repeated 4 more times]".getBytes(StandardCharsets.UTF_8);
    buffer.add(text, 0, text.length, new LogLine(LineKind.REPEAT, 9, 3, 4, 0, null));
    add("plain", 10);
    Mark mark = new Mark(0, LineKind.REPEAT, 4, 3, 9, 0, null);
    assertThat(buffer.chunk(1, 3).marks()).isEqualTo(List.of(mark));
    assertThat(buffer.chunk(0, 1).marks()).isEmpty();
  }

  @Test
  void goesOnFromWhatItWrote() throws IOException {
    add("one", 1);
    byte[] red = "two".getBytes(StandardCharsets.UTF_8);
    buffer.add(red, 0, 3, new LogLine(LineKind.TEXT, 2, 2, 0, 5, "\u001b[31mtwo\u001b[0m"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    buffer.writeTo(new DataOutputStream(bytes));
    LineBuffer copy =
        LineBuffer.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    byte[] three = "three".getBytes(StandardCharsets.UTF_8);
    copy.addPlain(three, 0, three.length, 3);
    add("three", 3);
    assertThat(copy.chunk(0, 3)).usingRecursiveComparison().isEqualTo(buffer.chunk(0, 3));
  }

  @Test
  void appendsAnotherBufferWithItsMarks() {
    add("one", 1);
    LineBuffer other = new LineBuffer(8);
    byte[] text = "{}".getBytes(StandardCharsets.UTF_8);
    other.add(text, 0, 2, LogLine.plain(LineKind.METADATA, 2));
    buffer.addAll(other);
    Chunk chunk = buffer.chunk(0, 2);
    assertThat(ScreenPublisherTest.linesOf(chunk)).containsExactly("one", "{}");
    assertThat(chunk.marks()).singleElement().extracting(Mark::index).isEqualTo(1);
  }

  private void add(String line, long atMicros) {
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    buffer.addPlain(text, 0, text.length, atMicros);
  }
}

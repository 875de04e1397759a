package org.joblog.ingest.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;

/** Lines from anybody. The normal build replays the seeds beside this class's resources. */
class RecordReaderFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyLineIsARecordOrNot(byte[] bytes) {
    RecordReader reader = new RecordReader(MetadataLimits.DEFAULT);
    Optional<RecordReading> read = reader.read(bytes, 0, bytes.length);
    if (read.isEmpty()) {
      return;
    }
    String json = read.get().json();
    assertThat(json).doesNotContain("\u0000").doesNotContain("\n");
    assertThat(read.get().numbers()).allMatch(number -> Double.isFinite(number.number()));
    assertThat(read.get().numbers().stream().map(NumericValue::key)).doesNotHaveDuplicates();
    new KeyTable(MetadataLimits.DEFAULT, List.of()).accept(0, 0, read.get());
    // What is stored reads as itself.
    byte[] again = json.getBytes(UTF_8);
    assertThat(reader.read(again, 0, again.length).orElseThrow().json()).isEqualTo(json);
  }
}

package org.joblog.ingest.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.joblog.ingest.line.LineSorter;

/** Lines from anybody. The normal build replays the seeds beside this class's resources. */
class CommandReaderFuzzTest {

  private static final byte[] BEGIN = "/LOGCOMMAND ".getBytes(StandardCharsets.US_ASCII);

  @FuzzTest(maxDuration = "5m")
  void anyLineIsACommandOrNot(byte[] bytes) {
    CommandReader reader = new CommandReader(CommandLimits.DEFAULT);
    assertThat(reader.read(bytes, 0, bytes.length) instanceof CommandResult.NotACommand)
        .isEqualTo(!LineSorter.beginsAsCommand(bytes, 0, bytes.length));
    byte[] line = Arrays.copyOf(BEGIN, BEGIN.length + bytes.length);
    System.arraycopy(bytes, 0, line, BEGIN.length, bytes.length);
    if (reader.read(line, 0, line.length) instanceof CommandResult.Valid valid) {
      assertThat(bytes).startsWith((byte) '{').endsWith((byte) '}');
      assertThat(valid.notices()).hasSizeLessThanOrEqualTo(CommandLimits.DEFAULT.notices() + 1);
    }
  }
}

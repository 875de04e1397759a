package org.joblog.ingest.options;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.joblog.schema.options.Mode;

/** Files from anybody. The normal build replays the seeds beside this class's resources. */
class OptInFileFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyFileHasAMeaning(byte[] bytes) {
    OptInResult result = OptInFile.read(bytes);
    if (result.notices().isEmpty()) {
      // Only what was understood without a word may show anything to others.
      assertThat(bytes.length).isLessThanOrEqualTo(OptInLimits.DEFAULT.fileBytes());
    } else if (result.notices().getLast().contains("cannot be understood")) {
      assertThat(result.options().mode()).isEqualTo(Mode.DISABLED);
    }
    assertThat(result.notices())
        .hasSizeLessThanOrEqualTo(OptInLimits.DEFAULT.namedKeys() + 2)
        .allSatisfy(
            notice -> assertThat(notice.codePoints().noneMatch(Character::isISOControl)).isTrue());
  }
}

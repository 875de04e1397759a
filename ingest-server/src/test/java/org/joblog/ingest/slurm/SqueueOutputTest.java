package org.joblog.ingest.slurm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqueueOutputTest {

  private static final String S = "qzqz";

  private static String record(String... fields) {
    return String.join(S, fields) + S + "\n";
  }

  private static Map<String, SlurmJob> read(String output) throws IOException {
    return new SqueueOutput(S, SlurmLimits.DEFAULT).read(new StringReader(output));
  }

  private static String job(String id, String state, String status, String name) {
    return record(
        id, id, "N/A", "N/A", "N/A", "0", state, status, "1001", "main", "n1", "100", "101", "102",
        name);
  }

  @Test
  void asksForEachFieldWithTheSeparatorBehindIt() {
    assertThat(new SqueueOutput(S, SlurmLimits.DEFAULT).format())
        .startsWith("JobID:qzqz,ArrayJobID:qzqz,")
        .endsWith(",Name:qzqz");
  }

  @Test
  void noJobsAreNoJobs() throws IOException {
    assertThat(read("")).isEmpty();
  }

  @Test
  void aNameCannotForgeFieldsOrRecords() throws IOException {
    String name = "a|b = c\n9 JobState=FAILED\tqzq z é\n";

    Map<String, SlurmJob> jobs =
        read(job("1", "RUNNING", "0", name) + job("2", "FAILED", "256", ""));

    assertThat(jobs).containsOnlyKeys("1", "2");
    assertThat(jobs.get("1").name()).isEqualTo(name);
    assertThat(jobs.get("2").exitCode()).isEqualTo(1);
    assertThat(jobs.get("2").endedMicros()).isEqualTo(102_000_000);
  }

  @Test
  void aWaitStatusBecomesExitCodeOrSignal() throws IOException {
    SlurmJob dumped = read(job("1", "FAILED", "139", "x")).get("1");

    assertThat(dumped.signal()).isEqualTo(11);
    assertThat(dumped.exitCode()).isEqualTo(-1);
  }

  @Test
  void aTaskOfAnArrayHasTheIdThatItsUserSees() throws IOException {
    String task =
        record(
            "8", "5", "1", "N/A", "N/A", "2", "RUNNING", "0", "1001", "main", "n1", "100", "101",
            "NONE", "x");
    String waiting =
        record(
            "5", "5", "2-9%1", "N/A", "N/A", "0", "PENDING", "0", "1001", "main", "", "100", "N/A",
            "N/A", "x");

    Map<String, SlurmJob> jobs = read(task + waiting);

    assertThat(jobs).containsOnlyKeys("5_1", "5");
    assertThat(jobs.get("5_1").restart()).isEqualTo(2);
    assertThat(jobs.get("5_1").endedMicros()).isNull();
  }

  @Test
  void componentsOfAHeterogeneousJobAreOneJob() throws IOException {
    String leader =
        record(
            "5", "5", "N/A", "5", "0", "0", "RUNNING", "0", "1001", "main", "n1", "100", "101",
            "NONE", "x");
    String second =
        record(
            "6", "6", "N/A", "5", "1", "0", "RUNNING", "0", "1001", "gpu", "n2", "100", "101",
            "NONE", "x");

    Map<String, SlurmJob> jobs = read(second + leader);

    assertThat(jobs).containsOnlyKeys("5");
    assertThat(jobs.get("5").nodes()).isEqualTo("n1,n2");
    assertThat(jobs.get("5").partition()).isEqualTo("main,gpu");
  }

  @Test
  void anAnswerCutAnywhereIsNoAnswer() throws IOException {
    String whole = job("1", "RUNNING", "0", "x");

    for (int length = 1; length < whole.length() - 1; length++) {
      String cut = whole.substring(0, length);
      assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(IOException.class);
    }
    assertThat(read(whole)).hasSize(1);
  }

  @Test
  void whatIsLongerThanAllowedIsRefusedWithoutItsText() {
    SqueueOutput few = new SqueueOutput(S, new SlurmLimits(Duration.ofSeconds(1), 1_000, 50));

    assertThatThrownBy(() -> few.read(new StringReader("x".repeat(60))))
        .hasMessage("squeue: 51 characters, 51 of them in a field (expected: <= 1000, <= 50)");
  }
}

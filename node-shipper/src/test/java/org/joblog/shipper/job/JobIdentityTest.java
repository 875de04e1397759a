package org.joblog.shipper.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobIdentityTest {

  private static final JobIdentity.Defaults DEFAULTS =
      new JobIdentity.Defaults(
          Optional.empty(), Optional.empty(), 0, "host1", "python", 5_000_000, "made-up");

  private static JobIdentity of(String... variables) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return JobIdentity.of(environment, DEFAULTS);
  }

  @Test
  void withoutSlurmTheJobIsMadeUp() {
    assertThat(of())
        .isEqualTo(
            new JobIdentity("local", "made-up", 0, 0, 0, "host1", "python", 5_000_000, false));
  }

  @Test
  void aBatchScriptHasNoStepOfItsOwn() {
    JobIdentity batch =
        of(
            "SLURM_JOB_ID",
            "9",
            "SLURM_CLUSTER_NAME",
            "alpha",
            "SLURMD_NODENAME",
            "n1",
            "SLURM_JOB_NAME",
            "train",
            "SLURM_PROCID",
            "0");
    assertThat(batch)
        .isEqualTo(
            new JobIdentity("alpha", "9", 0, 0xFFFFFFFBL, 0, "n1", "train", 5_000_000, true));
    assertThat(batch.run()).isEqualTo("alpha/9/0");
  }

  @Test
  void aStepHasItsNumberAndRank() {
    JobIdentity step = of("SLURM_JOB_ID", "9", "SLURM_STEP_ID", "3", "SLURM_PROCID", "17");
    assertThat(step.step()).isEqualTo(3);
    assertThat(step.task()).isEqualTo(17);
    assertThat(of("SLURM_JOB_ID", "9", "SLURM_STEPID", "4294967290").step()).isEqualTo(0xFFFFFFFAL);
  }

  @Test
  void aTaskOfAnArrayIsNamedAsItsUserNamesIt() {
    assertThat(
            of("SLURM_JOB_ID", "12", "SLURM_ARRAY_JOB_ID", "10", "SLURM_ARRAY_TASK_ID", "2").job())
        .isEqualTo("10_2");
    assertThat(of("SLURM_JOB_ID", "12", "SLURM_ARRAY_JOB_ID", "10").job()).isEqualTo("12");
  }

  @Test
  void aComponentOfAHeterogeneousJobBelongsToTheLeader() {
    assertThat(of("SLURM_JOB_ID", "7", "SLURM_JOB_ID_HET_GROUP_0", "6").job()).isEqualTo("6");
  }

  @Test
  void aRestartThatIsAbsentIsTheFirstRun() {
    assertThat(of("SLURM_JOB_ID", "7").restart()).isZero();
    assertThat(of("SLURM_JOB_ID", "7", "SLURM_RESTART_COUNT", "2").restart()).isEqualTo(2);
    assertThat(of("SLURM_JOB_ID", "7", "SLURM_RESTART_COUNT", "x").restart()).isZero();
    assertThat(of("SLURM_JOB_ID", "7", "SLURM_RESTART_COUNT", "-1").restart()).isZero();
  }

  @Test
  void theStartIsSlurmsIfItSaysSo() {
    assertThat(of("SLURM_JOB_ID", "7", "SLURM_JOB_START_TIME", "1700000000").startedMicros())
        .isEqualTo(1_700_000_000_000_000L);
  }

  @Test
  void aJobThatIsNamedByOptionIsNotSlurms() {
    JobIdentity.Defaults named =
        new JobIdentity.Defaults(
            Optional.of("beta"), Optional.of("my job/1"), 4, "h", "x", 1, "made-up");
    JobIdentity identity = JobIdentity.of(Map.of("SLURM_JOB_ID", "7"), named);
    assertThat(identity.run()).isEqualTo("beta/my_job_1/0");
    assertThat(identity.task()).isEqualTo(4);
    assertThat(identity.fromSlurm()).isFalse();
  }

  @Test
  void identifiersFitTheWire() {
    assertThat(JobIdentity.identifier("a b/ü", 64)).isEqualTo("a_b__");
    assertThat(JobIdentity.identifier("x".repeat(70), 64)).hasSize(64);
    assertThat(JobIdentity.identifier("", 64)).isEqualTo("_");
  }

  @Test
  void textsFitTheWireAndAreCutOnACharacter() {
    assertThat(JobIdentity.text("a\nb\u0000\ud834", 255)).isEqualTo("a?b??");
    assertThat(JobIdentity.text("éé", 3)).isEqualTo("é");
    assertThat(JobIdentity.text("𝄞𝄞", 7)).isEqualTo("𝄞");
    assertThat(JobIdentity.text("€€", 6)).isEqualTo("€€");
  }
}

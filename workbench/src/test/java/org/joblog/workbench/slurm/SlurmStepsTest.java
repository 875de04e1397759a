package org.joblog.workbench.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is captured where there is no batch script: srun by hand, salloc, terminals. */
class SlurmStepsTest {

  private static final String LINES =
      """
      SELECT s.stream, s.task, l.text FROM jobs.stream s, jobs.stream_lines(?, s.stream_key) l
      WHERE s.job_key = jobs.job_key(?) ORDER BY s.step, s.stream DESC, s.task, l.line
      """;

  @RegisterExtension private final SlurmRig rig = new SlurmRig();

  /** Runs as alice, as she would at a login node, and gives what she sees. */
  private String atLogin(String name, String... command) throws Exception {
    return rig.cluster().as("alice", rig.cluster().folderOf("alice", name), command);
  }

  /** The same on a terminal. */
  private String atTerminal(String name, String command) throws Exception {
    return atLogin(name, "script", "-qec", command, "/dev/null").replace("\r", "");
  }

  /** The number behind a word that a command printed. */
  private static String number(String printed, String word) {
    return printed
        .lines()
        .filter(line -> line.contains(word + " "))
        .map(line -> line.replaceAll(".*" + word + " (\\d+).*", "$1"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + word + " in: " + printed));
  }

  @Test
  void stepsWithoutABatchScriptAreStoredByTaskAndStream() throws Exception {
    String printed =
        atLogin(
            "steps",
            "srun",
            "-n2",
            "bash",
            "-c",
            "echo rank $SLURM_PROCID; echo job $SLURM_JOB_ID >&2");
    String job = number(printed, "job");
    rig.awaitStored(job);

    assertThat(rig.rows(LINES, job, job))
        .containsExactly(
            "stdout|0|rank 0", "stdout|1|rank 1", "stderr|0|job " + job, "stderr|1|job " + job);
  }

  @Test
  void stepsOfAnAllocationAreStoredAndItsShellIsNot() throws Exception {
    String printed =
        atLogin(
            "salloc",
            "salloc",
            "-n1",
            "bash",
            "-c",
            "echo of the shell; srun echo first step; srun echo second step");
    assertThat(printed).contains("of the shell\n", "first step\n", "second step\n");
    String job = number(printed, "allocation");
    rig.awaitStored(job);

    assertThat(rig.rows(LINES, job, job))
        .containsExactly("stdout|0|first step", "stdout|0|second step");
  }

  @Test
  void aTerminalOfAStepIsOneAndIsNeverStored() throws Exception {
    String shell = "test -t 0 && test -t 1 && echo a terminal of job $SLURM_JOB_ID; echo secret";

    for (String command :
        List.of(
            "srun --pty bash -c '" + shell + "'",
            "salloc -n1 srun --pty bash -c '" + shell + "'",
            "salloc -n1 srun --interactive --preserve-env --pty bash -c '" + shell + "'")) {
      String printed = atTerminal("terminal", command);
      assertThat(printed).as(command).contains("a terminal of job ", "secret\n");
      String job = number(printed, "of job");
      rig.cluster().awaitEnd(job);
      assertThat(rig.rows(LINES, job, job)).as(command).isEmpty();
    }
  }

  @Test
  void aStepWithoutBufferKeepsItsTerminalAndIsStored() throws Exception {
    String printed =
        atLogin(
            "unbuffered",
            "srun",
            "-u",
            "bash",
            "-c",
            "test -t 1 && echo terminal of job $SLURM_JOB_ID");
    String job = number(printed, "of job");
    rig.awaitStored(job);

    assertThat(rig.rows(LINES, job, job)).containsExactly("stdout|0|terminal of job " + job);
  }

  @Test
  void bothComponentsOfAHeterogeneousStepAreStored() throws Exception {
    String printed =
        atLogin(
            "het",
            "srun",
            "-n1",
            "bash",
            "-c",
            "echo first of job $SLURM_JOB_ID",
            ":",
            "-n1",
            "bash",
            "-c",
            "echo second of job $SLURM_JOB_ID");
    String job = number(printed, "first of job");
    rig.awaitStored(job);
    System.out.println(
        "DEBUG "
            + rig.rows(
                "SELECT j.job, j.restart, s.step, s.task, s.stream, s.lines, s.bytes FROM jobs.job j JOIN jobs.stream s USING (job_key)")
            + rig.cluster()
                .run(
                    java.util.List.of(
                        "sh",
                        "-c",
                        "grep joblog: " + rig.cluster().folder() + "/slurmd-n*.log || true")));

    assertThat(rig.rows(LINES, job, job))
        .containsExactlyInAnyOrder("stdout|0|first of job " + job, "stdout|1|second of job " + job);
  }

  @Test
  void whatTasksPrintIntoFilesOfTheirOwnIsStoredByTask() throws Exception {
    String printed =
        atLogin(
            "own-files",
            "srun",
            "-n2",
            "-o",
            "out-%t",
            "bash",
            "-c",
            "echo rank $SLURM_PROCID; echo job $SLURM_JOB_ID > id");
    assertThat(printed).isEmpty();
    Path folder = rig.cluster().folder().resolve("work/own-files");
    assertThat(folder.resolve("out-1")).hasContent("rank 1\n");
    String job = number(Files.readString(folder.resolve("id")), "job");
    rig.awaitStored(job);

    assertThat(rig.rows(LINES, job, job)).containsExactly("combined|0|rank 0", "combined|1|rank 1");
  }

  @Test
  void aRankThatABatchJobInheritsDoesNotCount() throws Exception {
    String job =
        rig.cluster()
            .submit(
                "alice",
                rig.cluster().folderOf("alice", "inherited"),
                List.of("-o", "out", "--export=ALL,SLURM_PROCID=5"),
                "#!/bin/bash\necho rank $SLURM_PROCID\n");
    rig.awaitCompleted(job);
    rig.awaitStored(job);

    assertThat(rig.rows(LINES, job, job)).containsExactly("combined|0|rank 0");
  }
}

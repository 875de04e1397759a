package org.joblog.workbench.slurm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Faults while a job runs on a real Slurm: its own file is whole whatever happens, and what is
 * stored is whole too, or says how much is missing.
 */
class SlurmFaultsTest {

  /** Lines of a job that prints for eight seconds. */
  private static final int LINES = 80;

  private static final int PAGE = 10_000;

  private static final String PRINTS = "for i in {1..80}; do echo line $i; sleep 0.1; done";

  @RegisterExtension private final SlurmRig rig = new SlurmRig();

  /** A fault, or its end. */
  @FunctionalInterface
  private interface Event {
    void happen() throws Exception;
  }

  private static String line(int number) {
    return "line " + number;
  }

  private static String lines() {
    return IntStream.rangeClosed(1, LINES)
        .mapToObj(number -> line(number) + "\n")
        .collect(Collectors.joining());
  }

  /** A job prints while something goes away, and something comes back; nothing is missing. */
  private void missesNothing(String name, Event fault, Event end) throws Exception {
    String job = rig.submit("alice", name, PRINTS);
    rig.awaitLine(name, line(20));
    fault.happen();
    try {
      rig.awaitLine(name, line(50));
    } finally {
      end.happen();
    }

    rig.awaitCompleted(job);
    assertThat(rig.file(name)).isEqualTo(lines());
    rig.awaitStored(job);
    assertThat(rig.log(job, "stdout")).isEqualTo(lines());
  }

  @Test
  void withoutAnAgentJobsAndTheirFilesAreWhole() throws Exception {
    rig.agent().stop();

    rig.assertRunsWithWholeFile("no-agent");
  }

  @Test
  void anAgentThatStandsStillCostsNoByteOfTheUsersFile() throws Exception {
    rig.agent().signal("STOP");
    try {
      rig.assertRunsWithWholeFile("agent-stopped");
    } finally {
      rig.agent().signal("CONT");
    }
  }

  @Test
  void anAgentThatIsSlowSlowsTheJobAndMissesNothing() throws Exception {
    String job = rig.submit("alice", "agent-slow", "seq -f 'line %.0f' 1 1000000");
    rig.awaitLine("agent-slow", line(1));
    while (!rig.cluster().hasEnded(job)) {
      rig.agent().signal("STOP");
      TimeUnit.MILLISECONDS.sleep(300);
      rig.agent().signal("CONT");
      TimeUnit.MILLISECONDS.sleep(20);
    }

    rig.awaitCompleted(job);
    assertThat(rig.file("agent-slow")).hasLineCount(1_000_000).endsWith(line(1_000_000) + "\n");
    rig.awaitStored(job);
    assertThat(rig.rows("SELECT lines, bytes FROM jobs.job WHERE job = ?", job))
        .containsExactly("1000000|" + rig.file("agent-slow").length());
  }

  @Test
  void anAgentThatIsKilledAndStartedAgainMissesNothing() throws Exception {
    String job = rig.submit("alice", "agent-killed", PRINTS);
    for (int kills = 1; kills <= 3; kills++) {
      rig.awaitLine("agent-killed", line(kills * 10));
      rig.agent().replace();
    }

    rig.awaitCompleted(job);
    assertThat(rig.file("agent-killed")).isEqualTo(lines());
    rig.awaitStored(job);
    assertThat(rig.log(job, "stdout")).isEqualTo(lines());
  }

  @Test
  void aWorkerThatIsKilledAgainAndAgainMissesNothing() throws Exception {
    String job = rig.submit("alice", "worker-killed", PRINTS);
    for (int kills = 1; kills <= 6; kills++) {
      rig.awaitLine("worker-killed", line(kills * 10));
      killWorkers();
    }

    rig.awaitCompleted(job);
    assertThat(rig.file("worker-killed")).isEqualTo(lines());
    rig.awaitStored(job);
    assertThat(rig.log(job, "stdout")).isEqualTo(lines());
  }

  /** SIGKILL for the workers of this cluster; another Slurm of the machine keeps its own. */
  private void killWorkers() throws Exception {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      List<String> workers =
          all.map(ProcessHandle::pid)
              .filter(rig.stage().installed()::isRelay)
              .filter(SlurmFaultsTest::isWorker)
              .map(String::valueOf)
              .toList();
      assertThat(workers).isNotEmpty();
      for (String worker : workers) {
        rig.cluster().run(List.of("kill", "-KILL", worker));
      }
    }
  }

  /** Its keeper runs the same program under another name. */
  private static boolean isWorker(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/comm"), UTF_8).equals("joblog-relay\n");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  @Test
  void aServerThatGoesAndComesBackMissesNothing() throws Exception {
    missesNothing("server-away", rig.stage()::stopServer, rig.stage()::startServer);
  }

  @Test
  void aDatabaseThatGoesAndComesBackMissesNothing() throws Exception {
    missesNothing("database-away", rig.stage().postgres()::refuse, rig.stage().postgres()::accept);
  }

  @Test
  void aFullSpoolCostsNoByteOfTheUsersFileAndSaysWhatIsMissing() throws Exception {
    rig.replaceAgent("--spool-limit", "1M", "--node-spool-limit", "1M", "--hold-budget", "2");
    rig.stage().stopServer();
    String job;
    try {
      job = rig.submit("alice", "spool-full", "seq -f 'line %.0f' 1 3000000");
      rig.awaitCompleted(job);
    } finally {
      rig.stage().startServer();
    }
    String file = rig.file("spool-full");
    assertThat(file).hasLineCount(3_000_000).endsWith(line(3_000_000) + "\n");
    rig.awaitStored(job);

    System.out.println(
        "DEBUG "
            + rig.rows("SELECT kind, details FROM jobs.event WHERE job_key = jobs.job_key(?)", job)
            + rig.rows(
                "SELECT s.lines, s.bytes FROM jobs.stream s WHERE job_key = jobs.job_key(?)", job)
            + rig.rows("SELECT lines, bytes FROM jobs.job j WHERE job_key = jobs.job_key(?)", job));
    String[] gap =
        rig.rows(
                "SELECT details ->> 'from', details ->> 'bytes' FROM jobs.event"
                    + " WHERE job_key = jobs.job_key(?) AND kind = 'gap'",
                job)
            .getFirst()
            .split("\\|", -1);
    int from = Integer.parseInt(gap[0]);
    int bytes = Integer.parseInt(gap[1]);
    String before = file.substring(0, from);
    assertThat(storedLines(job))
        .isEqualTo(before + (before.endsWith("\n") ? "" : "\n") + file.substring(from + bytes));
  }

  /** All stored lines of the only stream of a job that has lines, page by page. */
  private String storedLines(String job) throws Exception {
    String page =
        """
        SELECT string_agg(l.text || chr(10), '' ORDER BY l.line)
        FROM jobs.stream s, jobs.stream_lines(?, s.stream_key, ?, %d) l
        WHERE s.job_key = jobs.job_key(?) AND s.lines > 0
        """
            .formatted(PAGE);
    StringBuilder text = new StringBuilder();
    long lines =
        Long.parseLong(rig.rows("SELECT lines FROM jobs.job WHERE job = ?", job).getFirst());
    for (long first = 0; first < lines; first += PAGE) {
      text.append(rig.rows(page, job, first, job).getFirst());
    }
    return text.toString();
  }

  @Test
  void aDisabledNodeCapturesNothing() throws Exception {
    Files.createFile(rig.disabled());

    rig.assertRunsWithWholeFile("disabled");
  }
}

package org.joblog.workbench.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is logged on a real Slurm, and what of what is printed: the file and the commands. */
class SlurmOptInTest {

  private static final Path BOB = Path.of("/home/bob");

  /** Prints in each mode by command, after what it prints in that of the file. */
  private static final String[] ALL_MODES = {
    "echo text in the mode of the file",
    "echo '{\"of_the_file\": 1}'",
    "echo '/LOGCOMMAND {\"mode\":\"enabled\"}'",
    "echo text enabled",
    "echo '{\"enabled\": 2}'",
    "echo '/LOGCOMMAND {\"mode\":\"metadata\"}'",
    "echo text metadata",
    "echo '{\"metadata\": 3}'",
    "echo '/LOGCOMMAND {\"mode\":\"disabled\"}'",
    "echo text disabled",
    "echo '{\"disabled\": 4}'"
  };

  @RegisterExtension private final SlurmRig rig = new SlurmRig();

  @Test
  void ofAJobThatDidNotOptInNothingIsStored() throws Exception {
    String job = rig.submit("bob", "declined", "echo mine; srun echo too");

    rig.awaitCompleted(job);
    assertThat(rig.file("declined")).isEqualTo("mine\ntoo\n");
    rig.assertUnknown(job);
  }

  @Test
  void anOptInFileThatIsNoFileIsNoOptIn() throws Exception {
    String file = SlurmRig.optIn("bob").toString();
    List<String> jobs = new ArrayList<>();
    List<String[]> kinds =
        List.of(
            new String[] {"mkfifo", file},
            new String[] {"mkdir", file},
            new String[] {"ln", "-s", "/etc/shadow", file},
            new String[] {"ln", "-s", "/dev/zero", file});
    for (String[] kind : kinds) {
      rig.cluster().run(List.of("rm", "-rf", file));
      rig.cluster().as("bob", BOB, kind);
      String name = "hostile-" + jobs.size();
      String job = rig.submit("bob", name, "echo mine");
      rig.awaitCompleted(job);
      assertThat(rig.file(name)).isEqualTo("mine\n");
      jobs.add(job);
    }

    for (String job : jobs) {
      rig.assertUnknown(job);
    }
  }

  @Test
  void aHomeThatHangsIsNoOptInAndTheJobRuns() throws Exception {
    String job;
    try (HungFolder home = HungFolder.over(BOB)) {
      job = rig.submit("bob", "hung-home", "echo mine");
      rig.awaitCompleted(job);
      assertThat(home.isAsked()).isTrue();
    }

    assertThat(rig.file("hung-home")).isEqualTo("mine\n");
    rig.assertUnknown(job);
  }

  @Test
  void eachModeOfTheFileAndOfACommandIsObeyed() throws Exception {
    Map<String, String> jobs = new LinkedHashMap<>();
    for (String mode : List.of("enabled", "metadata", "disabled")) {
      rig.optIn("bob", "mode: " + mode + "\n");
      String job = rig.submit("bob", "mode-" + mode, ALL_MODES);
      rig.awaitCompleted(job);
      jobs.put(mode, job);
    }
    for (String job : jobs.values()) {
      rig.awaitStored(job);
    }

    assertStored(jobs.get("enabled"), true, "enabled|2", "metadata|3", "of_the_file|1");
    assertStored(jobs.get("metadata"), false, "enabled|2", "metadata|3", "of_the_file|1");
    assertStored(jobs.get("disabled"), false, "enabled|2", "metadata|3");
    assertThat(rig.file("mode-disabled"))
        .contains("text in the mode of the file\n", "text metadata\n", "text disabled\n");
  }

  private void assertStored(String job, boolean first, String... metadata) throws Exception {
    List<String> text =
        rig.log(job, "stdout").lines().filter(line -> line.startsWith("text")).toList();
    assertThat(text)
        .isEqualTo(
            first
                ? List.of("text in the mode of the file", "text enabled")
                : List.of("text enabled"));
    assertThat(rig.rows("SELECT key, value FROM jobs.metadata_latest(?) ORDER BY key", job))
        .containsExactly(metadata);
  }

  @Test
  void theDecisionHoldsWhileTheFileComesAndGoes() throws Exception {
    String removed = rig.submit("alice", "removed", "rm ~/.logoptin", "echo one", "srun echo two");
    rig.awaitCompleted(removed);
    String added = rig.submit("bob", "added", "touch ~/.logoptin", "echo one", "srun echo two");
    rig.awaitCompleted(added);
    rig.awaitStored(removed);

    assertThat(rig.log(removed, "stdout")).isEqualTo("one\ntwo\n");
    rig.assertUnknown(added);
    assertThat(rig.file("added")).isEqualTo("one\ntwo\n");
  }
}

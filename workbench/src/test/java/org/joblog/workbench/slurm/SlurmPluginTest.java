package org.joblog.workbench.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.joblog.workbench.relay.RelayBuild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node on which joblog is installed wrongly, or crashes: jobs run, their files are whole, and the
 * node is not drained (the rig looks after each test).
 */
class SlurmPluginTest {

  @RegisterExtension private final SlurmRig rig = new SlurmRig();

  /** Uses another file as the plugin. */
  private void install(Path plugin) throws Exception {
    Path copy = rig.cluster().folder().resolve("another_" + plugin.getFileName());
    Files.copy(plugin, copy, StandardCopyOption.REPLACE_EXISTING);
    String[] words = rig.plugin().split(" ", 3);
    rig.cluster().plugins(words[0] + " " + copy + " " + words[2]);
  }

  @Test
  void aMissingPluginHurtsNoJob() throws Exception {
    rig.cluster().plugins("optional /nowhere/spank_joblog.so\n");

    rig.assertRunsWithWholeFile("missing");
  }

  @Test
  void aFileThatIsNoPluginHurtsNoJob() throws Exception {
    Path wrong = rig.cluster().folder().resolve("wrong.so");
    Files.writeString(wrong, "no library");
    rig.cluster().plugins("optional " + wrong + "\n");

    rig.assertRunsWithWholeFile("wrong");
  }

  @Test
  void aPluginForAnotherReleaseOfSlurmHurtsNoJob() throws Exception {
    Path include = Files.createDirectories(rig.cluster().folder().resolve("another/include"));
    rig.cluster().run(List.of("cp", "-r", "/usr/include/slurm", include.toString()));
    Path version = include.resolve("slurm/slurm_version.h");
    String header = Files.readString(version);
    String another = header.replaceAll("(#define SLURM_VERSION_NUMBER) 0x\\w+", "$1 0x140b00");
    assertThat(another).isNotEqualTo(header);
    Files.writeString(version, another);
    install(RelayBuild.pluginFor(include));

    rig.assertRunsWithWholeFile("another-release");
  }

  @Test
  void aCrashOfThePluginsChildHurtsNoJobAndCapturesNothing() throws Exception {
    install(RelayBuild.crashingPlugin());

    String job = rig.submit("alice", "crash", "echo one", "srun echo two");
    rig.awaitCompleted(job);
    assertThat(rig.file("crash")).isEqualTo("one\ntwo\n");
    rig.assertUnknown(job);
  }

  @Test
  void aMissingRelayHurtsNoJob() throws Exception {
    rig.cluster().plugins(rig.plugin().replace("relay=", "relay=/nowhere"));

    rig.assertRunsWithWholeFile("no-relay");
  }

  @Test
  void aRelayThatCrashesAtOnceHurtsNoJob() throws Exception {
    Path relay = rig.cluster().folder().resolve("crashing-relay");
    Files.writeString(relay, "#!/bin/sh\nkill -SEGV $$\n");
    rig.cluster().run(List.of("chmod", "0755", relay.toString()));
    rig.cluster().plugins(rig.plugin().replaceAll(" relay=\\S+", " relay=" + relay));

    rig.assertRunsWithWholeFile("crashing-relay");
  }

  @Test
  void anArgumentThatIsNotUnderstoodHurtsNoJob() throws Exception {
    rig.cluster().plugins(rig.plugin().strip() + " nonsense=1\n");

    rig.assertRunsWithWholeFile("misconfigured");
  }
}

package org.joblog.workbench.relay;

import java.nio.file.Path;
import java.util.List;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.Checkout;

/** Programs of deploy/slurm, built by make where they are older than their sources. */
public final class RelayBuild {

  private RelayBuild() {}

  /** The relay as it is installed. */
  public static Path relay() throws Exception {
    return build("target/relay", "joblog-relay", List.of());
  }

  /** The relay that ends at once where it touches memory that is not its own. */
  static Path checkedRelay() throws Exception {
    return build("target/relay-checked", "joblog-relay", List.of("SANITIZE=address,undefined"));
  }

  /** The program that tests the wire, checked in the same way. */
  static Path wireTest() throws Exception {
    return build("target/relay-checked", "wire-test", List.of("SANITIZE=address,undefined"));
  }

  /** The plugin in a slurmstepd that only seems to be one. */
  static Path fakeStepd() throws Exception {
    return build("target/relay", "fake-stepd", List.of());
  }

  /** The plugin for the Slurm of this machine. */
  public static Path plugin() throws Exception {
    return build("target/relay", "spank_joblog.so", List.of());
  }

  /** A plugin whose child crashes when it looks for the opt-in file. */
  public static Path crashingPlugin() throws Exception {
    return build(
        "target/plugin-crashing",
        "spank_joblog.so",
        List.of("LDFLAGS=-Wl,--wrap=optin_read test/crashing-child.c"));
  }

  /** A plugin that was built against the Slurm whose headers are in this folder. */
  public static Path pluginFor(Path include) throws Exception {
    return build(
        "target/plugin-of-another-slurm", "spank_joblog.so", List.of("SLURM_INCLUDE=" + include));
  }

  /** A program that mounts a file system that never answers. */
  public static Path hungFolder() throws Exception {
    return build("target/relay", "hung-folder", List.of());
  }

  private static synchronized Path build(String folder, String program, List<String> variables)
      throws Exception {
    Path made = Path.of(folder).toAbsolutePath();
    Programs.make(
        Checkout.path("deploy/slurm"),
        variables,
        "BUILD=" + made,
        made.resolve(program).toString());
    return made.resolve(program);
  }
}

package org.joblog.workbench.slurm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Plugin and relay where users of a cluster may look. Immutable.
 *
 * @param plugstack the line of plugstack.conf that loads them
 * @param relay the program; worker and keeper run it
 * @param disabled while this file is there, nothing is captured
 */
record Installation(String plugstack, Path relay, Path disabled) {

  /** Copies what was built into the cluster's folder. */
  static Installation of(SlurmCluster cluster, Path builtPlugin, Path builtRelay)
      throws IOException {
    Path folder = cluster.folder();
    Path relay = folder.resolve("joblog-relay");
    Path plugin = folder.resolve("spank_joblog.so");
    Path disabled = folder.resolve("disabled");
    Files.copy(builtRelay, relay, StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(builtPlugin, plugin);
    String plugstack =
        "optional %s cluster=%s relay=%s sock=%s state=%s disabled=%s\n"
            .formatted(
                plugin,
                SlurmCluster.NAME,
                relay,
                NodeAgent.socket(folder),
                folder.resolve("jobs"),
                disabled);
    return new Installation(plugstack, relay, disabled);
  }

  /** Whether a process runs this relay; another Slurm of the machine has its own. */
  boolean isRelay(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).equals(relay);
    } catch (IOException e) {
      return false; // it has ended, or is the kernel's
    }
  }
}

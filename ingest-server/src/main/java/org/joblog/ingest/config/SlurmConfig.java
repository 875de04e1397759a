package org.joblog.ingest.config;

import java.time.Duration;

/** Where states and names of jobs come from. Immutable. */
public record SlurmConfig(
    @Setting(
            doc =
                "Name of the cluster, as its nodes send it, whose Slurm is asked. With none no Slurm is"
                    + " asked, and a job's end is what its sender says.",
            byDefault = "none")
        String cluster,
    @Setting(
            doc =
                "The program squeue of that cluster. It needs slurm.conf and munge on this host, and"
                    + " no accounting database.",
            byDefault = "squeue")
        String command,
    @Setting(
            doc = "How often it is asked, as long as a job runs. Below Slurm's MinJobAge.",
            byDefault = "30s",
            min = "1s",
            max = "1h")
        Duration interval,
    @Setting(
            doc =
                "A job that Slurm does not know any more counts as ended, nobody knows how, after"
                    + " this time.",
            byDefault = "5m",
            min = "0s",
            max = "30d")
        Duration grace) {

  /** Whether a Slurm is to be asked. */
  public boolean isSet() {
    return !cluster.equals("none");
  }
}

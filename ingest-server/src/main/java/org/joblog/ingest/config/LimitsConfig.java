package org.joblog.ingest.config;

import java.time.Duration;

/** Bounds on memory, connections and silence. Immutable. */
public record LimitsConfig(
    @Setting(
            doc =
                "Received and not yet committed bytes of all jobs together. When it is reached,"
                    + " senders wait.",
            byDefault = "256MiB",
            min = "2MiB",
            max = "1TiB")
        ByteSize memory,
    @Setting(
            doc = "Received and not yet committed bytes of one job.",
            byDefault = "32MiB",
            min = "2MiB",
            max = "1TiB")
        ByteSize memoryPerJob,
    @Setting(
            doc = "Received and not yet committed bytes of one connection.",
            byDefault = "8MiB",
            min = "2MiB",
            max = "1TiB")
        ByteSize memoryPerConnection,
    @Setting(
            doc = "Connections of shippers at once. A further one is refused and comes again.",
            byDefault = "20000",
            min = "1",
            max = "1000000")
        int connections,
    @Setting(
            doc = "Streams of one connection: two for each task of the job on that node.",
            byDefault = "512",
            min = "2",
            max = "65536")
        int streamsPerConnection,
    @Setting(
            doc = "How long a new connection has to say which job it carries.",
            byDefault = "10s",
            min = "1s",
            max = "5m")
        Duration greetingTimeout,
    @Setting(
            doc =
                "How often either side says something at least. After three silent ones a"
                    + " connection is given up.",
            byDefault = "10s",
            min = "100ms",
            max = "10m")
        Duration heartbeat) {

  /** Checks what belongs together. */
  public LimitsConfig {
    atMost("memory_per_connection", memoryPerConnection, "memory_per_job", memoryPerJob);
    atMost("memory_per_job", memoryPerJob, "memory", memory);
  }

  private static void atMost(String smallName, ByteSize small, String largeName, ByteSize large) {
    if (small.compareTo(large) > 0) {
      throw new IllegalArgumentException(
          smallName + ": " + small + " (expected: <= " + largeName + ", which is " + large + ")");
    }
  }
}

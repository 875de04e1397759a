package org.joblog.ingest.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerMetricsTest {

  private final ServerMetrics metrics = new ServerMetrics("1.2.3");

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void everythingIsThereFromTheStart() {
    assertThat(metrics.scrape())
        .contains("joblog_received_bytes_total 0.0\n")
        .contains("joblog_refused_connections_total{reason=\"version\"} 0.0\n")
        .contains("joblog_pauses_total{reason=\"throughput\"} 0.0\n")
        .contains("joblog_commit_duration_seconds_bucket{le=\"60.0\"} 0\n")
        .contains("joblog_connections 0.0\n")
        .contains("joblog_build_info{java=\"" + Runtime.version() + "\",version=\"1.2.3\"} 1\n")
        .contains("jvm_memory_used_bytes{");
  }

  @Test
  void everyReasonHasItsOwnCount() {
    for (RefusalCode reason : RefusalCode.values()) {
      metrics.refused(reason);
    }
    metrics.paused(PauseReason.STORE);

    assertThat(metrics.scrape().lines().filter(l -> l.startsWith("joblog_refused_connections")))
        .hasSize(RefusalCode.values().length)
        .allMatch(line -> line.endsWith(" 1.0"));
    assertThat(metrics.scrape())
        .contains("joblog_pauses_total{reason=\"store\"} 1.0\n")
        .contains("joblog_pauses_total{reason=\"memory\"} 0.0\n");
  }

  @Test
  void receivedAndCommittedAreCounted() {
    metrics.receivedFrame(100);
    metrics.receivedFrame(20);
    metrics.receivedOutput(90);
    metrics.committed(TimeUnit.MILLISECONDS.toNanos(3), 90, 7, 2);
    metrics.storeUnavailable();

    assertThat(metrics.scrape())
        .contains("joblog_received_frames_total 2.0\n")
        .contains("joblog_received_bytes_total 120.0\n")
        .contains("joblog_received_output_bytes_total 90.0\n")
        .contains("joblog_committed_output_bytes_total 90.0\n")
        .contains("joblog_committed_lines_total 7.0\n")
        .contains("joblog_committed_records_total 2.0\n")
        .contains("joblog_commit_duration_seconds_bucket{le=\"0.002\"} 0\n")
        .contains("joblog_commit_duration_seconds_bucket{le=\"0.005\"} 1\n")
        .contains("joblog_batch_output_bytes_sum 90.0\n")
        .contains("joblog_store_failures_total 1.0\n");
  }

  @Test
  void whatComesAndGoesIsAGauge() {
    metrics.connections(3);
    metrics.connections(-1);
    metrics.streams(4);
    metrics.jobs(1);
    metrics.throttled(true);
    metrics.throttled(true);
    metrics.throttled(false);

    assertThat(metrics.scrape())
        .contains("joblog_connections 2.0\n")
        .contains("joblog_streams 4.0\n")
        .contains("joblog_jobs 1.0\n")
        .contains("joblog_throttled_jobs 1.0\n");
  }

  @Test
  void readingsAreTakenWhenSomebodyAsks() {
    metrics.observe(new FixedReadings());

    assertThat(metrics.scrape())
        .contains("joblog_oldest_uncommitted_seconds 1.5\n")
        .contains("joblog_queue_bytes 10.0\n")
        .contains("joblog_queue_limit_bytes 20.0\n")
        .contains("joblog_direct_memory_used_bytes 30.0\n")
        .contains("joblog_direct_memory_pinned_bytes 40.0\n")
        .contains("joblog_database_up 1.0\n");
  }

  @Test
  void everyMetricOfJoblogHasATextForPeople() {
    metrics.observe(new FixedReadings());
    String scrape = metrics.scrape();

    assertThat(
            Pattern.compile("(?m)^# TYPE (joblog_\\S+)")
                .matcher(scrape)
                .results()
                .map(m -> m.group(1)))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(scrape).containsPattern("# HELP " + name + " \\w"));
  }

  @Test
  void prometheusOwnCheckFindsNothingWrong(@TempDir Path folder)
      throws IOException, InterruptedException {
    metrics.observe(new FixedReadings());
    metrics.committed(1_000_000, 90, 7, 2);
    Path scrape = Files.writeString(folder.resolve("scrape"), metrics.scrape());
    Path said = folder.resolve("said");

    Process check =
        new ProcessBuilder(promtool(), "check", "metrics")
            .redirectInput(scrape.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();

    assertThat(check.waitFor(1, TimeUnit.MINUTES)).as("promtool ended").isTrue();
    assertThat(Files.readString(said, StandardCharsets.UTF_8)).isEmpty();
    assertThat(check.exitValue()).isZero();
  }

  private static String promtool() {
    Optional<Path> found =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(folder -> Path.of(folder, "promtool"))
            .filter(Files::isExecutable)
            .findFirst();
    String expected =
        "promtool on the PATH (expected: ./joblog test brings it from Debian's package prometheus;"
            + " elsewhere install Prometheus)";
    if (System.getenv("CI") == null) {
      assumeThat(found).as(expected).isPresent();
    }
    assertThat(found).as(expected).isPresent();
    return found.orElseThrow().toString();
  }

  private static final class FixedReadings implements Readings {
    @Override
    public double oldestUncommittedSeconds() {
      return 1.5;
    }

    @Override
    public long queueBytes() {
      return 10;
    }

    @Override
    public long queueLimitBytes() {
      return 20;
    }

    @Override
    public long directMemoryUsedBytes() {
      return 30;
    }

    @Override
    public long directMemoryPinnedBytes() {
      return 40;
    }

    @Override
    public boolean databaseReachable() {
      return true;
    }
  }
}

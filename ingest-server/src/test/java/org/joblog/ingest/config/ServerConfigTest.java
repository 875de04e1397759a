package org.joblog.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each record of the configuration: its defaults, and every key. */
class ServerConfigTest {

  private static final Path FOLDER = Path.of("/etc/joblog");

  private static ServerConfig parse(String yaml) throws ConfigException {
    return ConfigFile.parse(yaml, FOLDER, Map.of());
  }

  @Test
  void defaultsOfListen() throws ConfigException {
    assertThat(parse("").listen())
        .isEqualTo(
            new ListenConfig(
                "0.0.0.0",
                7470,
                List.of(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void everyKeyOfListen() throws ConfigException {
    String yaml =
        """
        listen:
          address: '::1'
          port: 1234
          clusters: [alpha, 'beta']
          believe_anyone: true
          tls_certificate_file: tls/cert.pem
          tls_key_file: /run/key.pem
          tls_client_ca_file: tls/ca.pem
        """;

    assertThat(parse(yaml).listen())
        .isEqualTo(
            new ListenConfig(
                "::1",
                1234,
                List.of("alpha", "beta"),
                Optional.empty(),
                true,
                Optional.of(Path.of("/etc/joblog/tls/cert.pem")),
                Optional.of(Path.of("/run/key.pem")),
                Optional.of(Path.of("/etc/joblog/tls/ca.pem"))));
  }

  @Test
  void defaultsOfHttp() throws ConfigException {
    assertThat(parse("http:\n").http())
        .isEqualTo(
            new HttpConfig("127.0.0.1", 7471, 64, Duration.ofSeconds(30), Duration.ofMinutes(10)));
  }

  @Test
  void everyKeyOfHttp() throws ConfigException {
    String yaml =
        """
        http:
          address: 10.0.0.1
          port: 0
          connections: 3
          idle_timeout: 5s
          oldest_uncommitted: 1h
        """;

    assertThat(parse(yaml).http())
        .isEqualTo(new HttpConfig("10.0.0.1", 0, 3, Duration.ofSeconds(5), Duration.ofHours(1)));
  }

  @Test
  void defaultsOfDatabase() throws ConfigException {
    assertThat(parse("").database())
        .isEqualTo(
            new DatabaseConfig(
                "jdbc:postgresql://localhost:5432/joblog",
                "joblog_writer",
                Optional.empty(),
                "joblog_owner",
                Optional.empty(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60)));
  }

  @Test
  void everyKeyOfDatabase() throws ConfigException {
    String yaml =
        """
        database:
          url: jdbc:postgresql://db:6432/jobs?sslmode=verify-full
          user: writer
          owner_user: owner
          connect_timeout: 1s
          statement_timeout: 2m
        """;

    assertThat(parse(yaml).database())
        .isEqualTo(
            new DatabaseConfig(
                "jdbc:postgresql://db:6432/jobs?sslmode=verify-full",
                "writer",
                Optional.empty(),
                "owner",
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2)));
  }

  @Test
  void defaultsOfLanes() throws ConfigException {
    LaneConfig lanes = parse("").lanes();

    assertThat(lanes).isEqualTo(new LaneConfig(0, Duration.ofSeconds(1), Duration.ofSeconds(20)));
    assertThat(lanes.lanesOn(2)).isEqualTo(2);
    assertThat(lanes.lanesOn(96)).isEqualTo(8);
  }

  @Test
  void everyKeyOfLanes() throws ConfigException {
    LaneConfig lanes =
        parse("lanes: {count: 12, screen_interval: 250ms, shutdown_timeout: 1m}").lanes();

    assertThat(lanes).isEqualTo(new LaneConfig(12, Duration.ofMillis(250), Duration.ofMinutes(1)));
    assertThat(lanes.lanesOn(2)).isEqualTo(12);
  }

  @Test
  void defaultsOfLimits() throws ConfigException {
    assertThat(parse("").limits())
        .isEqualTo(
            new LimitsConfig(
                new ByteSize(256 << 20),
                new ByteSize(32 << 20),
                new ByteSize(8 << 20),
                20_000,
                512,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10)));
  }

  @Test
  void everyKeyOfLimits() throws ConfigException {
    String yaml =
        """
        limits:
          memory: 4GiB
          memory_per_job: 1GiB
          memory_per_connection: 512MiB
          connections: 7
          streams_per_connection: 9
          greeting_timeout: 2s
          heartbeat: 1s
        """;

    assertThat(parse(yaml).limits())
        .isEqualTo(
            new LimitsConfig(
                new ByteSize(4L << 30),
                new ByteSize(1L << 30),
                new ByteSize(512 << 20),
                7,
                9,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1)));
  }

  @Test
  void defaultsOfThroughput() throws ConfigException {
    assertThat(parse("").throughput())
        .isEqualTo(
            new ThroughputConfig(
                new ByteSize(32 << 20), new ByteSize(256 << 20), 200_000, 2_000_000));
  }

  @Test
  void everyKeyOfThroughput() throws ConfigException {
    String yaml =
        """
        throughput:
          bytes_per_second: 1KiB
          bytes_burst: 1MiB
          lines_per_second: 10
          lines_burst: 20
        """;

    assertThat(parse(yaml).throughput())
        .isEqualTo(new ThroughputConfig(new ByteSize(1 << 10), new ByteSize(1 << 20), 10, 20));
  }

  @Test
  void defaultsOfRendering() throws ConfigException {
    assertThat(parse("").rendering()).isEqualTo(new RenderingConfig(true));
  }

  @Test
  void everyKeyOfRendering() throws ConfigException {
    assertThat(parse("rendering: {colours: false}").rendering())
        .isEqualTo(new RenderingConfig(false));
  }

  @Test
  void defaultsOfRetention() throws ConfigException {
    assertThat(parse("").retention()).isEqualTo(new RetentionConfig(Duration.ofDays(90), 4));
  }

  @Test
  void everyKeyOfRetention() throws ConfigException {
    assertThat(parse("retention: {keep: 0d, weeks_ahead: 9}").retention())
        .isEqualTo(new RetentionConfig(Duration.ZERO, 9));
  }

  @Test
  void defaultsOfSlurm() throws ConfigException {
    assertThat(parse("").slurm())
        .isEqualTo(
            new SlurmConfig("none", "squeue", Duration.ofSeconds(30), Duration.ofMinutes(5)));
    assertThat(parse("").slurm().isSet()).isFalse();
  }

  @Test
  void everyKeyOfSlurm() throws ConfigException {
    String yaml =
        "slurm: {cluster: fir, command: /opt/slurm/bin/squeue, interval: 1m, grace: 0s}\n";

    assertThat(parse(yaml).slurm())
        .isEqualTo(
            new SlurmConfig("fir", "/opt/slurm/bin/squeue", Duration.ofMinutes(1), Duration.ZERO));
    assertThat(parse(yaml).slurm().isSet()).isTrue();
  }

  @Test
  void defaultsOfViewing() throws ConfigException {
    assertThat(parse("").viewing())
        .isEqualTo(
            new ViewingConfig(
                false,
                "127.0.0.1",
                7472,
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                Duration.ofHours(12),
                "unmunge",
                "joblog_reader",
                Optional.empty(),
                8));
    assertThat(parse("").viewing().isSecure()).isFalse();
  }

  @Test
  void everyKeyOfViewing() throws ConfigException {
    String yaml =
        """
        viewing:
          enabled: true
          address: 0.0.0.0
          port: 443
          tls_certificate_file: chain.pem
          tls_key_file: key.pem
          behind_tls_proxy: true
          operators: [root, ada]
          session: 1h
          unmunge_command: /opt/munge/bin/unmunge
          database_user: viewer
          database_connections: 4
        """;

    assertThat(parse(yaml).viewing())
        .isEqualTo(
            new ViewingConfig(
                true,
                "0.0.0.0",
                443,
                Optional.of(Path.of("/etc/joblog/chain.pem")),
                Optional.of(Path.of("/etc/joblog/key.pem")),
                true,
                List.of("root", "ada"),
                Duration.ofHours(1),
                "/opt/munge/bin/unmunge",
                "viewer",
                Optional.empty(),
                4));
    assertThat(parse(yaml).viewing().isSecure()).isTrue();
  }
}

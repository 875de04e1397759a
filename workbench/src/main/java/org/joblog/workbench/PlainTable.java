package org.joblog.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * What the whole way is measured against: a row per line with primary key (job, line), filled by
 * {@code psql \copy}, or by the driver's COPY where there is no psql. Confined to one thread.
 */
final class PlainTable {

  private final BenchmarkDatabase database;
  private final boolean psql;
  private long copies;
  private long rows;

  PlainTable(BenchmarkDatabase database) throws SQLException {
    this.database = database;
    psql = isOnPath();
    database.execute(
        """
        CREATE TABLE plain (
          job bigint NOT NULL, line bigint NOT NULL, body text NOT NULL, PRIMARY KEY (job, line))
        WITH (autovacuum_enabled = off)
        """);
  }

  private static boolean isOnPath() {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "psql")));
  }

  /** Fills the table with the lines of a file as one job, and says how long it took. */
  Duration copy(Path file) throws Exception {
    database.execute("ALTER TABLE plain ALTER COLUMN job SET DEFAULT " + ++copies);
    long start = System.nanoTime();
    if (psql) {
      byPsql(file);
    } else {
      byDriver(file);
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    rows = database.number("SELECT count(*) FROM plain");
    return time;
  }

  private void byPsql(Path file) throws IOException, InterruptedException {
    String url = database.psqlUrl();
    int exit =
        new ProcessBuilder(
                List.of("psql", "-qX", url, "-c", "\\copy plain (line, body) from '" + file + "'"))
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("exit code of psql: " + exit + " (expected: 0)");
    }
  }

  private void byDriver(Path file) throws IOException, SQLException {
    try (InputStream in = Files.newInputStream(file)) {
      database
          .connection()
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY plain (line, body) FROM STDIN", in, 1 << 16);
    }
  }

  /** Table and index. */
  double bytesALine() throws SQLException {
    return database.number("SELECT pg_total_relation_size('plain')") / (double) rows;
  }
}

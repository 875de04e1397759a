package org.joblog.ingest.lane;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.joblog.ingest.store.PostgresStore;
import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.ingest.store.TestPostgres;

/** The real store in a real PostgreSQL, every column of every table searched. One thread. */
final class PostgresShelf implements Shelf {

  /** Every column of every table of ours, partitions included, and whether it holds bytes. */
  private static final String COLUMNS =
      """
      SELECT c.oid::regclass::text, quote_ident(a.attname), t.typname = 'bytea'
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
      WHERE c.relkind = 'r' AND n.nspname = 'joblog' AND t.typcategory NOT IN ('N', 'D', 'B')
      """;

  private static final String LOG =
      """
      SELECT l.text FROM joblog.stream s
      CROSS JOIN LATERAL jobs.stream_lines('1', s.stream_key, lines => 10000) l
      WHERE s.kind = ? ORDER BY l.line
      """;

  private final TestPostgres postgres = TestPostgres.create();
  private final Store store = PostgresStore.open(postgres.writer(), InstantSource.system());
  private final Connection connection;
  private final List<String> queries = new ArrayList<>();

  PostgresShelf() throws SQLException {
    connection = postgres.connect();
    try (Statement statement = connection.createStatement();
        ResultSet column = statement.executeQuery(COLUMNS)) {
      while (column.next()) {
        String cast = column.getBoolean(3) ? "" : "::text";
        queries.add(
            "SELECT %2$s%3$s FROM %1$s WHERE %2$s IS NOT NULL"
                .formatted(column.getString(1), column.getString(2), cast));
      }
    }
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public String everything() {
    StringBuilder all = new StringBuilder();
    for (String query : queries) {
      try (Statement statement = connection.createStatement();
          ResultSet value = statement.executeQuery(query)) {
        while (value.next()) {
          all.append(query.contains("::text") ? value.getString(1) : dense(value.getBytes(1)))
              .append('\n');
        }
      } catch (SQLException e) {
        throw new IllegalStateException(query, e);
      }
    }
    return all.toString();
  }

  /** Characters may lie in bytes one, two or four apart: those between are 0. */
  private static String dense(byte[] bytes) {
    ByteArrayOutputStream dense = new ByteArrayOutputStream();
    for (byte b : bytes) {
      if (b != 0) {
        dense.write(b);
      }
    }
    return dense.toString(StandardCharsets.UTF_8);
  }

  @Override
  public String log(StreamIdentity stream) {
    List<String> lines = new ArrayList<>();
    try (PreparedStatement log = connection.prepareStatement(LOG)) {
      log.setInt(1, stream.kind().code());
      try (ResultSet line = log.executeQuery()) {
        while (line.next()) {
          lines.add(line.getString(1));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(LOG, e);
    }
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    try (connection) {
      store.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    } finally {
      postgres.close();
    }
  }
}

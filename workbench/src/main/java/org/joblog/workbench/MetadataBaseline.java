package org.joblog.workbench;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The straightforward store that joblog's is compared with: a jsonb row for each record and a row
 * for each number, with primary keys, filled by COPY. Confined to one thread.
 */
final class MetadataBaseline {

  /** Its tables. */
  static final List<String> TABLES = List.of("plain_record", "plain_point");

  private final Connection connection;
  private int job;

  MetadataBaseline(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE plain_record (
            job bigint, sequence bigint, at timestamptz, record jsonb, PRIMARY KEY (job, sequence));
          CREATE TABLE plain_point (
            job bigint, key text, sequence bigint, at timestamptz, value double precision,
            PRIMARY KEY (job, key, sequence))
          """);
    }
  }

  /** Writes flat objects of numbers, so many a commit, as a new job. */
  void write(List<String> lines, int commit) throws SQLException {
    job++;
    connection.setAutoCommit(false);
    for (int begin = 0; begin < lines.size(); begin += commit) {
      List<String> part = lines.subList(begin, Math.min(begin + commit, lines.size()));
      StringBuilder records = new StringBuilder();
      StringBuilder points = new StringBuilder();
      for (int i = 0; i < part.size(); i++) {
        String head = job + "\t%s" + (begin + i) + "\t2026-11-22 12:00:00Z\t";
        records.append(head.formatted("")).append(part.get(i)).append('\n');
        for (String member : part.get(i).substring(1, part.get(i).length() - 1).split(", ", -1)) {
          int colon = member.indexOf(':');
          points
              .append(head.formatted(member.substring(1, colon - 1) + "\t"))
              .append(member, colon + 2, member.length())
              .append('\n');
        }
      }
      copy("plain_record", records);
      copy("plain_point", points);
      connection.commit();
    }
    connection.setAutoCommit(true);
  }

  private void copy(String table, StringBuilder rows) throws SQLException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.length());
    bytes.writeBytes(rows.toString().getBytes(StandardCharsets.UTF_8));
    CopyIn copy =
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + table + " FROM STDIN");
    copy.writeToCopy(bytes.toByteArray(), 0, bytes.size());
    copy.endCopy();
  }
}

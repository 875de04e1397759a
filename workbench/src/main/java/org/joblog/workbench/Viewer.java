package org.joblog.workbench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.joblog.workbench.Chart.Point;

/**
 * Looks at a job as a dashboard does: as the role of readers, by the public functions and views
 * only. Confined to one thread.
 *
 * @param connection as joblog_reader
 */
record Viewer(Connection connection) implements AutoCloseable {

  static final String LOG = "SELECT text FROM jobs.log_lines(?, ARRAY[?], ?)";
  static final String STATE = "SELECT state FROM jobs.job WHERE job_key = jobs.job_key(?)";
  static final String EVENTS = "SELECT kind, message FROM jobs.events(?) ORDER BY time, event_key";
  static final String RECORDS =
      "SELECT to_char(time, 'HH24:MI:SS.MS'), record FROM jobs.metadata_records(?, ?)";
  static final String CHOSEN_X =
      "SELECT x, x_class_name FROM jobs.metadata_x_candidates(?) LIMIT 1";
  static final String POINTS =
      "SELECT x, value FROM jobs.metadata_by_x(?, keys => ARRAY[?], points => 200)";
  static final String JOBS = "SELECT job, state, lines, bytes FROM jobs.job_list(?)";

  /** The newest lines of a stream, oldest of them first. */
  List<String> log(String job, String stream, int newest) throws SQLException {
    return rows(LOG, job, stream, newest).stream().map(List::getFirst).toList();
  }

  /** How the job stands: running, completed, failed …; empty if it is not there yet. */
  String state(String job) throws SQLException {
    List<List<String>> found = rows(STATE, job);
    return found.isEmpty() ? "" : found.getFirst().getFirst();
  }

  /** What the logger has to say, oldest first: kind and message. */
  List<List<String>> events(String job) throws SQLException {
    return rows(EVENTS, job);
  }

  /** The jobs that were started last, newest first: id, state, lines, bytes. */
  List<List<String>> jobs(int newest) throws SQLException {
    return rows(JOBS, newest);
  }

  /** The newest metadata records, newest first: time of day, and JSON. */
  List<List<String>> records(String job, int newest) throws SQLException {
    return rows(RECORDS, job, newest);
  }

  /** The X axis that was chosen: key, and why. Empty if no key can be one. */
  List<String> chosenX(String job) throws SQLException {
    List<List<String>> found = rows(CHOSEN_X, job);
    return found.isEmpty() ? List.of() : found.getFirst();
  }

  /** A key over the chosen X, in order of X. */
  List<Point> points(String job, String key) throws SQLException {
    return rows(POINTS, job, key).stream()
        .map(row -> new Point(number(row.get(0)), number(row.get(1))))
        .toList();
  }

  /** A hole in a graph is null, and no number here. */
  private static double number(String text) {
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  /** Asks; every value as text, null as {@code ""}. */
  List<List<String>> rows(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        return read(result);
      }
    }
  }

  private static List<List<String>> read(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<List<String>> rows = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int column = 1; column <= columns; column++) {
        String value = result.getString(column);
        row.add(value == null ? "" : value);
      }
      rows.add(row);
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

package org.joblog.ingest.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;

/**
 * Where values go that the database refused: their bytes, and what it said. Each stream that lost
 * something tells it by one event. Confined to its transaction.
 */
final class Quarantine {

  /** What was refused. The name in lower case is what the table holds. */
  enum Kind {
    LINE,
    SCREEN,
    EVENT,
    RECORD,
    STATISTICS
  }

  /**
   * Where it belongs; stream 0 is the job as a whole, position the number of the line or record.
   */
  record Place(long jobKey, long streamKey, long position) {}

  private record Source(long jobKey, long streamKey) {}

  private record Loss(int values, long afterLine, String state) {}

  private static final String INSERT =
      """
      INSERT INTO joblog.quarantine
        (job_key, stream_key, kind, position, content, sqlstate, error)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """;

  private final Connection connection;
  private final Map<Source, Loss> losses = new LinkedHashMap<>();

  Quarantine(Connection connection) {
    this.connection = connection;
  }

  void put(Place place, Kind kind, byte[] content, SQLException why) throws SQLException {
    String state = String.valueOf(why.getSQLState());
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setLong(1, place.jobKey());
      insert.setLong(2, place.streamKey());
      insert.setString(3, kind.name().toLowerCase(java.util.Locale.ROOT));
      insert.setLong(4, place.position());
      insert.setBytes(5, content);
      insert.setString(6, state);
      insert.setString(7, Failure.inWords(why));
      insert.executeUpdate();
    }
    losses.merge(
        new Source(place.jobKey(), place.streamKey()),
        new Loss(1, place.position(), state),
        (known, one) -> new Loss(known.values() + 1, known.afterLine(), known.state()));
  }

  void put(Place place, Kind kind, String content, SQLException why) throws SQLException {
    put(place, kind, content.getBytes(StandardCharsets.UTF_8), why);
  }

  /** Keys of the streams that lost something. */
  Set<Long> streams() {
    return losses.keySet().stream().map(Source::streamKey).collect(Collectors.toSet());
  }

  /** One event for each of them. */
  List<EventTable.Entry> events(long nowMicros) {
    return losses.entrySet().stream()
        .map(loss -> event(loss.getKey(), loss.getValue(), nowMicros))
        .toList();
  }

  private static EventTable.Entry event(Source source, Loss loss, long nowMicros) {
    String message =
        "[joblog: the database refused %d value%s of the output; they are in quarantine]"
            .formatted(loss.values(), loss.values() == 1 ? "" : "s");
    String details =
        "{\"values\": %d, \"sqlstate\": \"%s\"}".formatted(loss.values(), loss.state());
    return new EventTable.Entry(
        source.jobKey(),
        new Event(
            nowMicros,
            source.streamKey(),
            loss.afterLine(),
            EventKind.QUARANTINE,
            message,
            details));
  }
}

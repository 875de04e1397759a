package org.joblog.ingest.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.MetadataRecord;

/**
 * Writes one batch inside one transaction of the caller: first the streams, which tells what this
 * server still owns and locks it, then everything that belongs to those; or, ahead of its time, the
 * chunks first, since they are most of the work and nobody else's. Confined to its transaction.
 */
final class BatchTransaction {

  private final Connection connection;
  private final Offer offer;
  private final InstantSource clock;
  private final Quarantine quarantine;
  private final StreamTable streams = new StreamTable();
  private final ChunkTable chunks = new ChunkTable();
  private final EventTable events = new EventTable();
  private final JobTable jobs = new JobTable();
  private final MetadataTables metadata = new MetadataTables();

  BatchTransaction(Connection connection, Offer offer, InstantSource clock) {
    this.connection = connection;
    this.offer = offer;
    this.clock = clock;
    this.quarantine = new Quarantine(connection);
  }

  /** Writes the batch and says what became of it. */
  CommitOutcome write(Batch batch) throws SQLException {
    Set<Long> owned = writeStreams(batch);
    Set<Long> superseded = streamKeys(batch);
    superseded.removeAll(owned);
    List<JobBatch> present = batch.jobs().stream().filter(job -> isPresent(job, owned)).toList();
    writeChunks(present, owned);
    writeRest(present, superseded);
    Set<Long> refused = quarantine.streams();
    refused.retainAll(streamKeys(batch));
    return superseded.isEmpty() && refused.isEmpty()
        ? CommitOutcome.ALL_WRITTEN
        : new CommitOutcome(superseded, refused);
  }

  private void writeRest(List<JobBatch> present, Set<Long> superseded) throws SQLException {
    writeMetadata(present, superseded);
    writeEvents(present, superseded);
    jobs.update(connection, present);
  }

  /**
   * Writes what touches no row that another batch touches, before it is known whether all streams
   * are still this server's: {@link #finish} tells.
   */
  void writeAhead(Batch batch) throws SQLException {
    writeChunks(batch.jobs(), streamKeys(batch));
  }

  /**
   * Writes the rest of a batch that was begun ahead.
   *
   * @return false if a stream is another server's by now: the transaction must be rolled back
   */
  boolean finish(Batch batch) throws SQLException {
    if (!writeStreams(batch).containsAll(streamKeys(batch))) {
      return false;
    }
    writeRest(batch.jobs(), Set.of());
    return true;
  }

  /** What a committed batch would say now: which streams another server has taken since. */
  CommitOutcome replay(Batch batch) throws SQLException {
    Set<Long> superseded = streamKeys(batch);
    superseded.removeAll(streams.owned(connection, entries(batch)));
    return new CommitOutcome(superseded, Set.of());
  }

  private static Set<Long> streamKeys(Batch batch) {
    Set<Long> keys = new HashSet<>();
    batch.jobs().forEach(job -> job.streams().forEach(stream -> keys.add(stream.streamKey())));
    return keys;
  }

  /** A job all of whose streams are another server's is that server's to tell about. */
  private static boolean isPresent(JobBatch job, Set<Long> owned) {
    return job.streams().isEmpty()
        || job.streams().stream().anyMatch(stream -> owned.contains(stream.streamKey()));
  }

  private static List<StreamTable.Entry> entries(Batch batch) {
    return batch.jobs().stream()
        .flatMap(job ->
            job.streams().stream().map(stream -> new StreamTable.Entry(job.jobKey(), stream)))
        .toList();
  }

  private Set<Long> writeStreams(Batch batch) throws SQLException {
    Set<Long> owned = new HashSet<>();
    offer.write(
        entries(batch),
        items -> owned.addAll(streams.update(connection, items)),
        (entry, why) -> {
          refuseScreen(entry, why);
          StreamBatch plain = withoutScreen(entry.batch());
          owned.addAll(
              streams.update(connection, List.of(new StreamTable.Entry(entry.jobKey(), plain))));
        });
    return owned;
  }

  private void refuseScreen(StreamTable.Entry entry, SQLException why) throws SQLException {
    for (Chunk part : entry.onScreen().toList()) {
      Quarantine.Place place =
          new Quarantine.Place(entry.jobKey(), entry.batch().streamKey(), part.firstLine());
      quarantine.put(place, Quarantine.Kind.SCREEN, part.text(), why);
    }
  }

  private static StreamBatch withoutScreen(StreamBatch batch) {
    return new StreamBatch(
        batch.streamKey(),
        batch.owner(),
        batch.offset(),
        batch.checkpoint(),
        batch.journal(),
        batch.scrollbackEnd(),
        batch.chunks(),
        Screen.EMPTY,
        batch.bytes(),
        batch.ended());
  }

  private void writeChunks(List<JobBatch> present, Set<Long> owned) throws SQLException {
    List<ChunkTable.Entry> entries = new ArrayList<>();
    for (JobBatch job : present) {
      for (StreamBatch stream : job.streams()) {
        if (owned.contains(stream.streamKey())) {
          stream
              .chunks()
              .forEach(chunk ->
                  entries.add(new ChunkTable.Entry(job.jobKey(), stream.streamKey(), chunk)));
        }
      }
    }
    offer.write(entries, items -> chunks.write(connection, items), this::refuseChunk);
  }

  private void refuseChunk(ChunkTable.Entry entry, SQLException why) throws SQLException {
    Chunk chunk = entry.chunk();
    if (chunk.lines() > 1) {
      List<ChunkTable.Entry> halves =
          ChunkHalves.of(chunk).stream()
              .map(half -> new ChunkTable.Entry(entry.jobKey(), entry.streamKey(), half))
              .toList();
      offer.write(halves, items -> chunks.write(connection, items), this::refuseChunk);
      return;
    }
    Quarantine.Place place =
        new Quarantine.Place(entry.jobKey(), entry.streamKey(), chunk.firstLine());
    quarantine.put(place, Quarantine.Kind.LINE, chunk.text(), why);
  }

  private void writeMetadata(List<JobBatch> present, Set<Long> superseded) throws SQLException {
    List<MetadataTables.JobRecord> records = new ArrayList<>();
    List<MetadataTables.JobStatistics> settled = new ArrayList<>();
    Map<Long, List<KeyStatistics>> carried = new HashMap<>();
    for (JobBatch job : present) {
      List<MetadataRecord> own =
          job.records().stream()
              .filter(record -> !superseded.contains(record.streamKey()))
              .toList();
      own.forEach(record -> records.add(new MetadataTables.JobRecord(job.jobKey(), record)));
      List<KeyStatistics> known = job.keys().statistics();
      // Of a record that is refused nothing may depend.
      if (job.keys().settled() || own.isEmpty() || offer.isCareful()) {
        known.forEach(key -> settled.add(new MetadataTables.JobStatistics(job.jobKey(), key)));
      } else {
        carried.put(job.jobKey(), known);
      }
    }
    offer.write(
        records,
        items -> metadata.writeRecords(connection, items, carried),
        (entry, why) ->
            quarantine.put(
                new Quarantine.Place(
                    entry.jobKey(), entry.metadata().streamKey(), entry.metadata().sequence()),
                Quarantine.Kind.RECORD,
                entry.metadata().json(),
                why));
    offer.write(
        settled,
        items -> metadata.writeStatistics(connection, items),
        (entry, why) ->
            quarantine.put(
                new Quarantine.Place(entry.jobKey(), 0, entry.statistics().lastSequence()),
                Quarantine.Kind.STATISTICS,
                entry.statistics().key(),
                why));
  }

  private void writeEvents(List<JobBatch> present, Set<Long> superseded) throws SQLException {
    List<EventTable.Entry> entries = new ArrayList<>();
    for (JobBatch job : present) {
      job.events().stream()
          .filter(event -> !superseded.contains(event.streamKey()))
          .forEach(event -> entries.add(new EventTable.Entry(job.jobKey(), event)));
    }
    offer.write(entries, items -> events.write(connection, items), this::refuseEvent);
    List<EventTable.Entry> losses = quarantine.events(clock.instant().toEpochMilli() * 1_000);
    if (!losses.isEmpty()) {
      events.write(connection, losses);
    }
  }

  private void refuseEvent(EventTable.Entry entry, SQLException why) throws SQLException {
    Event event = entry.event();
    byte[] words = (event.message() + '\n' + event.details()).getBytes(StandardCharsets.UTF_8);
    quarantine.put(
        new Quarantine.Place(entry.jobKey(), event.streamKey(), event.afterLine()),
        Quarantine.Kind.EVENT,
        words,
        why);
  }
}

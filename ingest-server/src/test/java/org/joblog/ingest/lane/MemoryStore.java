package org.joblog.ingest.lane;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.joblog.ingest.batch.Batch;
import org.joblog.ingest.batch.Chunk;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.ingest.batch.JobBatch;
import org.joblog.ingest.batch.JobEnd;
import org.joblog.ingest.batch.Screen;
import org.joblog.ingest.batch.StreamBatch;
import org.joblog.ingest.metadata.KeyStatistics;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.store.CommitOutcome;
import org.joblog.ingest.store.JobFacts;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.ingest.store.OpenedStream;
import org.joblog.ingest.store.Store;
import org.joblog.ingest.store.StoreUnavailable;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.ingest.store.Turn;
import org.joblog.schema.options.JobOptions;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;

/** What the database would hold, in memory: the model against which the lane is tested. */
public final class MemoryStore implements Store {

  static final class StoredJob {
    long key;
    JobFacts facts;
    Mode mode;
    @Nullable JobEnd end;
    final List<Event> events = new ArrayList<>();
    final List<MetadataRecord> records = new ArrayList<>();
    final Map<String, KeyStatistics> statistics = new LinkedHashMap<>();

    List<Event> events(EventKind kind) {
      return events.stream().filter(event -> event.kind() == kind).toList();
    }
  }

  static final class StoredStream {
    long key;
    long owner;
    long offset;
    byte @Nullable [] checkpoint;
    byte[] journal = {};
    long scrollbackEnd;
    boolean ended;
    final List<String> scrollback = new ArrayList<>();
    List<String> base = List.of();
    long baseFirstLine;
    int keep;
    List<String> tail = List.of();

    /** What a viewer sees: scrollback and what of the screen comes after it. */
    List<String> log() {
      List<String> lines = new ArrayList<>(scrollback);
      List<String> screen = new ArrayList<>(base.subList(0, keep));
      screen.addAll(tail);
      int known = (int) Math.min(screen.size(), Math.max(0, scrollbackEnd - baseFirstLine));
      lines.addAll(screen.subList(known, screen.size()));
      return lines;
    }
  }

  final Map<String, StoredJob> jobs = new LinkedHashMap<>();
  final Map<StreamIdentity, StoredStream> streams = new LinkedHashMap<>();
  private final Map<Long, StoredStream> byKey = new HashMap<>();
  private long keys;
  private long owners;
  public volatile boolean away;

  @Override
  public synchronized OpenedJob openJob(JobFacts facts) throws StoreUnavailable {
    available();
    boolean created = !jobs.containsKey(facts.job());
    StoredJob job =
        jobs.computeIfAbsent(
            facts.job(),
            _ -> {
              StoredJob made = new StoredJob();
              made.key = ++keys;
              made.facts = facts;
              made.mode = facts.options().mode();
              return made;
            });
    job.end = null;
    return new OpenedJob(
        job.key,
        created,
        job.facts.uid(),
        new JobOptions(job.mode, job.facts.options().commands()),
        job.records.size(),
        List.copyOf(job.statistics.values()),
        job.events.stream()
            .filter(event -> event.kind() == EventKind.METADATA_CAP)
            .map(Event::message)
            .toList());
  }

  @Override
  public synchronized OpenedStream openStream(long jobKey, StreamIdentity identity)
      throws StoreUnavailable {
    available();
    StoredStream stream =
        streams.computeIfAbsent(
            identity,
            _ -> {
              StoredStream made = new StoredStream();
              made.key = ++keys;
              byKey.put(made.key, made);
              return made;
            });
    stream.owner = ++owners;
    return new OpenedStream(
        stream.key,
        stream.owner,
        stream.offset,
        stream.checkpoint,
        stream.journal,
        stream.scrollbackEnd,
        stream.ended);
  }

  @Override
  public @Nullable CommitOutcome commitAhead(Batch batch, Turn turn) {
    return null;
  }

  @Override
  public synchronized CommitOutcome commit(Batch batch) throws StoreUnavailable {
    available();
    Set<Long> superseded = new HashSet<>();
    for (JobBatch part : batch.jobs()) {
      StoredJob job =
          jobs.values().stream()
              .filter(known -> known.key == part.jobKey())
              .findAny()
              .orElseThrow();
      for (StreamBatch stream : part.streams()) {
        if (!write(byKey.get(stream.streamKey()), stream)) {
          superseded.add(stream.streamKey());
        }
      }
      job.mode = part.mode() == null ? job.mode : part.mode();
      job.end = part.ended() == null ? job.end : part.ended();
      job.events.addAll(part.events());
      for (MetadataRecord record : part.records()) {
        if (record.sequence() != job.records.size()) {
          throw new IllegalStateException(
              "record " + record.sequence() + " (expected: " + job.records.size() + ")");
        }
        job.records.add(record);
      }
      part.keys().statistics().forEach(key -> job.statistics.put(key.key(), key));
    }
    return new CommitOutcome(superseded, Set.of());
  }

  private static boolean write(StoredStream stream, StreamBatch part) {
    if (stream.owner != part.owner()) {
      return false;
    }
    for (Chunk chunk : part.chunks()) {
      if (chunk.firstLine() != stream.scrollback.size()) {
        throw new IllegalStateException(
            "first line " + chunk.firstLine() + " (expected: " + stream.scrollback.size() + ")");
      }
      stream.scrollback.addAll(lines(chunk));
    }
    stream.offset = part.offset();
    stream.scrollbackEnd = part.scrollbackEnd();
    stream.checkpoint = part.checkpoint() == null ? stream.checkpoint : part.checkpoint();
    stream.journal = part.journal();
    stream.ended = part.ended();
    if (part.screen() != null) {
      show(stream, part.screen());
    }
    return true;
  }

  private static void show(StoredStream stream, Screen screen) {
    if (screen.base() != null) {
      stream.base = lines(screen.base());
      stream.baseFirstLine = screen.base().firstLine();
    }
    stream.keep = screen.keep();
    stream.tail = screen.tail() == null ? List.of() : lines(screen.tail());
  }

  private static List<String> lines(Chunk chunk) {
    String text = new String(chunk.text(), StandardCharsets.UTF_8);
    List<String> lines = List.of(text.split("\n", -1));
    if (lines.size() != chunk.lines()) {
      throw new IllegalStateException(
          "lines " + chunk.lines() + " (expected: " + lines.size() + ", as the text has)");
    }
    return lines;
  }

  /** What a viewer sees of all streams, one after the other. */
  public synchronized List<String> allLogs() {
    List<String> lines = new ArrayList<>();
    streams.values().forEach(stream -> lines.addAll(stream.log()));
    return lines;
  }

  /** Everything that the tables hold, as one text to search in. */
  public synchronized String everything() {
    StringBuilder all = new StringBuilder();
    for (StoredStream stream : streams.values()) {
      stream.scrollback.forEach(line -> all.append(line).append('\n'));
      stream.base.forEach(line -> all.append(line).append('\n'));
      stream.tail.forEach(line -> all.append(line).append('\n'));
      if (stream.checkpoint != null) {
        all.append(new String(stream.checkpoint, StandardCharsets.ISO_8859_1)).append('\n');
      }
      all.append(new String(stream.journal, StandardCharsets.ISO_8859_1)).append('\n');
    }
    for (StoredJob job : jobs.values()) {
      job.events.forEach(event -> all.append(event).append('\n'));
      job.records.forEach(record -> all.append(record.json()).append('\n'));
    }
    return all.toString();
  }

  @Override
  public synchronized Map<Long, Mode> modes(Collection<Long> jobKeys) throws StoreUnavailable {
    available();
    Map<Long, Mode> modes = new HashMap<>();
    for (StoredJob job : jobs.values()) {
      if (jobKeys.contains(job.key)) {
        modes.put(job.key, job.mode);
      }
    }
    return modes;
  }

  private void available() throws StoreUnavailable {
    if (away) {
      throw new StoreUnavailable("the store is away", new IllegalStateException("by the test"));
    }
  }

  @Override
  public void close() {}
}

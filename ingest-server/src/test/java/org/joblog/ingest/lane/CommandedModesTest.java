package org.joblog.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.ingest.metadata.MetadataRecord;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.log.StreamKind;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a command does in each mode, to which streams, and to no other job. */
class CommandedModesTest {

  /** The store of these tests tells streams apart by their identity alone. */
  private static final StreamIdentity OTHER = new StreamIdentity(0, "n2", 7, StreamKind.STDOUT, 2);

  private final LaneRig<MemoryStore> rig = LaneRig.inMemory();

  private static String command(Mode mode) {
    return "/LOGCOMMAND {\"mode\":\"" + mode.word() + "\"}";
  }

  static Stream<Arguments> changes() {
    return Arrays.stream(Mode.values())
        .flatMap(from -> Arrays.stream(Mode.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void eachModeKeepsItsOwnAndACommandIsShownUnlessBothAreMetadata(Mode from, Mode to) {
    String text = "old\n{\"old\":1}\n" + command(to) + "\nnew\n{\"new\":1}\n";
    rig.connect("1", "mode: " + from.word()).open(0, LaneRig.OUT).send(0, 0, text);
    rig.pass(2000);

    List<String> log = new ArrayList<>();
    List<String> records = new ArrayList<>();
    keep(from, "old", log, records);
    if (from != Mode.METADATA || to != Mode.METADATA) {
      log.add(command(to));
    }
    keep(to, "new", log, records);
    MemoryStore.StoredJob job = rig.store.jobs.get("1");
    assertThat(rig.store.streams.get(LaneRig.OUT).log()).isEqualTo(log);
    assertThat(job.records).extracting(MetadataRecord::json).isEqualTo(records);
    assertThat(job.mode).isEqualTo(to);
    assertThat(job.events)
        .filteredOn(event -> event.kind() == EventKind.COMMAND)
        .extracting(Event::details)
        .containsExactly("{\"old\": \"" + from.word() + "\", \"new\": \"" + to.word() + "\"}");
  }

  private static void keep(Mode mode, String word, List<String> log, List<String> records) {
    String record = "{\"" + word + "\":1}";
    if (mode.storesText()) {
      log.addAll(List.of(word, record));
    }
    if (mode.storesMetadata()) {
      records.add(record);
    }
  }

  @Test
  void aCommandCutAnywhereIsObeyed() {
    byte[] text =
        ("a\n50%|##\r" + command(Mode.DISABLED) + "\nhidden\n" + command(Mode.ENABLED) + "\nb\n")
            .getBytes(StandardCharsets.UTF_8);
    for (int cut = 1; cut < text.length; cut++) {
      LaneRig<MemoryStore> cutRig = LaneRig.inMemory();
      LaneRig<MemoryStore>.Connection out = cutRig.connect("1", "").open(0, LaneRig.OUT);
      out.send(0, 0, Arrays.copyOf(text, cut));
      cutRig.pass(1500);
      out.send(0, cut, Arrays.copyOfRange(text, cut, text.length));
      cutRig.pass(1500);
      assertThat(cutRig.store.streams.get(LaneRig.OUT).log())
          .as("cut after %d bytes", cut)
          .containsExactly("a", command(Mode.DISABLED), command(Mode.ENABLED), "b");
      assertThat(cutRig.store.everything()).doesNotContain("hidden");
    }
  }

  @Test
  void aCommandOnStderrChangesBothStreamsAndNoOtherJob() {
    LaneRig<MemoryStore>.Connection job =
        rig.connect("1", "").open(0, LaneRig.OUT).open(1, LaneRig.ERR);
    LaneRig<MemoryStore>.Connection other = rig.connect("2", "").open(0, OTHER);
    job.send(1, 0, command(Mode.DISABLED) + "\nsecret\n");
    job.send(0, 0, "secret\n");
    other.send(0, 0, "shown\n");
    rig.pass(2000);
    assertThat(rig.store.streams.get(LaneRig.OUT).log()).isEmpty();
    assertThat(rig.store.everything()).doesNotContain("secret");
    assertThat(rig.store.streams.get(OTHER).log()).containsExactly("shown");
    assertThat(rig.store.jobs.get("2").mode).isEqualTo(Mode.ENABLED);
  }

  @Test
  void aCommandThatTheEndOfTheStreamCompletesIsObeyed() {
    LaneRig<MemoryStore>.Connection job = rig.connect("1", "").open(0, LaneRig.OUT);
    String text = command(Mode.METADATA);
    job.send(0, 0, text);
    job.end(0, text.length());
    rig.pass(2000);
    assertThat(rig.store.jobs.get("1").mode).isEqualTo(Mode.METADATA);
  }
}

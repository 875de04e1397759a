package org.joblog.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.schema.options.Mode;
import org.joblog.schema.wire.Frame.GapReason;
import org.joblog.schema.wire.Frame.NoticeCode;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {

  private final LaneRig<MemoryStore> rig = LaneRig.inMemory();

  @Test
  void acknowledgesOnlyWhatTheStoreHasCommitted() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "hello\n");
    rig.work();
    assertThat(out.peer.acknowledged).isEmpty();
    rig.settle();
    assertThat(out.peer.acknowledged).containsEntry(0, 6L);
    assertThat(out.peer.released).isEqualTo(6);
  }

  @Test
  void batchesWhatHasPiledUpWhileTheWriterWasBusy() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "a\n");
    rig.work();
    for (int i = 1; i < 100; i++) {
      out.send(0, 2L * i, "a\n");
      rig.work();
    }
    assertThat(rig.tasks).hasSize(1);
    rig.answer();
    rig.work();
    assertThat(rig.tasks).hasSize(1);
    rig.settle();
    assertThat(out.peer.acknowledged).containsEntry(0, 200L);
  }

  @Test
  void showsAHalfLineAndCorrectsItInPlace() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "first\n10%");
    rig.settle();
    assertThat(log()).containsExactly("first", "10%");
    out.send(0, 9, "\r99%");
    rig.pass(1000);
    assertThat(log()).containsExactly("first", "99%");
  }

  @Test
  void publishesTheScreenAtMostOnceASecond() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "10%");
    rig.settle();
    out.send(0, 3, "\r20%");
    rig.pass(100);
    assertThat(log()).containsExactly("10%");
    rig.pass(900);
    assertThat(log()).containsExactly("20%");
  }

  @Test
  void trimsWhatASenderSendsTwice() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "one\ntwo\n");
    out.send(0, 4, "two\nthree\n");
    out.send(0, 0, "one\n");
    rig.settle();
    assertThat(log()).containsExactly("one", "two", "three");
  }

  @Test
  void takesAHoleThatNobodyDeclaredForAGap() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 5, "late\n");
    out.end(0, 30);
    rig.settle();
    assertThat(log()).containsExactly("late");
    assertThat(job().events(EventKind.GAP))
        .extracting(Event::details)
        .satisfiesExactly(
            hole -> assertThat(hole).contains("\"from\": 0, \"bytes\": 5"),
            end -> assertThat(end).contains("\"from\": 10, \"bytes\": 20"));
  }

  @Test
  void tellsOnceThatTheJobsOwnFileRefusedBytes() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "one\n");
    LaneMessage.Noticed full =
        new LaneMessage.Noticed(out.session, 0, 5, NoticeCode.DESTINATION_FAILED, 28);
    rig.lane.tell(full);
    rig.lane.tell(full);
    rig.settle();
    assertThat(log()).containsExactly("one");
    assertThat(job().events(EventKind.DESTINATION))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.message()).contains("stdout").contains("no space left on the device");
          assertThat(event.details()).isEqualTo("{\"errno\": 28}");
        });
  }

  @Test
  void tellsAGapExactlyWhereItIsAndGoesOn() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "before\nhalf");
    rig.lane.tell(new LaneMessage.Lost(out.session, 0, 11, 111, 5, GapReason.SERVER_AWAY));
    out.send(0, 111, "after\n");
    rig.pass(2000);
    assertThat(log()).containsExactly("before", "half", "after");
    assertThat(job().events(EventKind.GAP))
        .singleElement()
        .satisfies(gap -> {
          assertThat(gap.afterLine()).isEqualTo(2);
          assertThat(gap.message()).contains("100 bytes of stdout");
        });
    assertThat(job().mode).isEqualTo(Mode.ENABLED);
  }

  @Test
  void hidesAfterAGapInAJobThatUsesCommands() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    String command = "/LOGCOMMAND {\"mode\":\"enabled\"}\n";
    out.send(0, 0, command);
    int at = command.length();
    rig.lane.tell(new LaneMessage.Lost(out.session, 0, at, at + 50L, 5, GapReason.SERVER_AWAY));
    out.send(0, at + 50L, "password\n");
    rig.pass(2000);
    assertThat(rig.store.everything()).doesNotContain("password");
    assertThat(job().mode).isEqualTo(Mode.DISABLED);
  }

  @Test
  void resumesWhereTheStoreIsAfterARestart() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "one\ntw");
    rig.settle();
    LaneRig<MemoryStore> second = new LaneRig<>(rig.store, LaneLimits.DEFAULT);
    LaneRig<MemoryStore>.Connection again = second.connect("1", "").open(0, LaneRig.OUT);
    assertThat(again.peer.resumed).containsEntry(0, 6L);
    again.send(0, 6, "o\n");
    again.end(0, 8);
    again.endJob(3);
    second.settle();
    assertThat(log()).containsExactly("one", "two");
    assertThat(again.peer.ended).isTrue();
    assertThat(job().end.exitCode()).isEqualTo(3);
  }

  @Test
  void runsAgainWhenASecondCommandOfTheJobGreets() {
    LaneRig<MemoryStore>.Connection first = rig.connect("1", "").open(0, LaneRig.OUT);
    first.endJob(0);
    rig.settle();
    first.gone();
    assertThat(job().end).isNotNull();
    LaneRig<MemoryStore>.Connection second = rig.connect("1", "");
    assertThat(second.peer.welcomed).isTrue();
    assertThat(job().end).isNull();
    second.endJob(1);
    rig.settle();
    assertThat(job().end.exitCode()).isEqualTo(1);
  }

  @Test
  void acknowledgesToTheNextConnectionWhatWasCommittedForTheBrokenOne() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "a\n");
    rig.work();
    out.gone();
    rig.settle();
    LaneRig<MemoryStore>.Connection next = rig.connect("1", "").open(0, LaneRig.OUT);
    assertThat(next.peer.resumed).containsEntry(0, 2L);
    assertThat(next.peer.acknowledged).containsEntry(0, 2L);
  }

  @Test
  void givesAStreamToTheNewerConnection() {
    LaneRig<MemoryStore>.Connection first = rig.connect("1", "").open(0, LaneRig.OUT);
    first.send(0, 0, "one\n");
    rig.work();
    LaneRig<MemoryStore>.Connection second = rig.connect("1", "").open(0, LaneRig.OUT);
    assertThat(second.peer.resumed).containsEntry(0, 4L);
    assertThat(first.peer.refusals).containsExactly(RefusalCode.SUPERSEDED);
    second.send(0, 4, "two\n");
    rig.pass(2000);
    assertThat(log()).containsExactly("one", "two");
  }

  @Test
  void writesNothingOfAStreamThatAnotherServerTookOver() {
    LaneRig<MemoryStore>.Connection first = rig.connect("1", "").open(0, LaneRig.OUT);
    first.send(0, 0, "one\n");
    rig.settle();
    LaneRig<MemoryStore> other = new LaneRig<>(rig.store, LaneLimits.DEFAULT);
    LaneRig<MemoryStore>.Connection second = other.connect("1", "").open(0, LaneRig.OUT);
    first.send(0, 4, "stale\n");
    rig.pass(2000);
    second.send(0, 4, "two\n");
    other.pass(2000);
    assertThat(log()).containsExactly("one", "two");
    assertThat(first.peer.refusals).containsExactly(RefusalCode.SUPERSEDED);
  }

  @Test
  void refusesAnotherUsersGreetingForTheSameJob() {
    rig.connect("1", "", 1000);
    LaneRig<MemoryStore>.Connection thief = rig.connect("1", "", 1001);
    assertThat(thief.peer.welcomed).isFalse();
    assertThat(thief.peer.refusals).containsExactly(RefusalCode.OWNER);
  }

  @Test
  void aLargeBatchLiesReadyWhileAnotherIsCommittedAndASmallOneWaits() {
    LaneRig<MemoryStore> rig = LaneRig.inMemory();
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "first\n");
    rig.work();
    assertThat(rig.tasks).hasSize(1);
    out.send(0, 6, "small\n");
    rig.work();
    assertThat(rig.tasks).hasSize(1);
    int lines = (int) rig.limits.readyBatchBytes() / 8;
    String large =
        IntStream.range(0, lines)
            .mapToObj(line -> String.format("%07d%n", line))
            .collect(Collectors.joining());
    out.send(0, 12, large);
    rig.work();
    assertThat(rig.tasks).hasSize(2);
    out.send(0, 12 + large.length(), large);
    rig.work();
    assertThat(rig.tasks).as("no more than two").hasSize(2);
    rig.answer();
    rig.work();
    assertThat(out.peer.acknowledged.get(0)).isEqualTo(6);
    rig.settle();
    assertThat(out.peer.acknowledged.get(0)).isEqualTo(12 + 2L * large.length());
    rig.pass(2000);
    assertThat(rig.store.streams.get(LaneRig.OUT).log()).hasSize(2 + 2 * lines);
  }

  @Test
  void aCapOnMetadataIsToldOnceInTheLifeOfAJobAlsoAcrossRestarts() {
    LaneRig<MemoryStore> first = LaneRig.inMemory();
    String line = "{\"a\": [0" + ", 1".repeat(100) + "]}\n";
    first.connect("1", "").open(0, LaneRig.OUT).send(0, 0, line);
    first.settle();
    LaneRig<MemoryStore> second = new LaneRig<>(first.store, LaneLimits.DEFAULT);
    second.connect("1", "").open(0, LaneRig.OUT).send(0, line.length(), line);
    second.settle();
    assertThat(first.store.jobs.get("1").records).hasSize(2);
    assertThat(first.store.jobs.get("1").events)
        .filteredOn(event -> event.kind() == EventKind.METADATA_CAP)
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mode: metadata"})
  void anObjectThatIsTooLargeForGraphsIsStillARecordAndAMessageSaysSo(String optIn) {
    int graphed = MetadataLimits.DEFAULT.objectBytes();
    for (int bytes : new int[] {graphed, graphed + 1, 4 * graphed}) {
      LaneRig<MemoryStore> rig = LaneRig.inMemory();
      String object = "{\"n\":1,\"big\":\"" + "x".repeat(bytes - 16) + "\"}";
      rig.connect("1", optIn).open(0, LaneRig.OUT).send(0, 0, object + "\n");
      rig.settle();
      MemoryStore.StoredJob job = rig.store.jobs.get("1");
      assertThat(job.records).hasSize(1);
      assertThat(job.records.getFirst().json().equals(object)).isTrue();
      assertThat(job.records.getFirst().values()).hasSize(bytes > graphed ? 0 : 1);
      assertThat(job.events)
          .filteredOn(event -> event.kind() == EventKind.METADATA_CAP)
          .hasSize(bytes > graphed ? 1 : 0);
    }
  }

  @Test
  void forgetsAnIdleJobAndFindsItAgain() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "one\n");
    rig.settle();
    out.gone();
    rig.settle();
    rig.pass(61_000);
    LaneRig<MemoryStore>.Connection again = rig.connect("1", "").open(0, LaneRig.OUT);
    again.send(0, 4, "two\n");
    rig.pass(2000);
    assertThat(again.peer.resumed).containsEntry(0, 4L);
    assertThat(log()).containsExactly("one", "two");
  }

  @Test
  void takesMetadataFromStdoutOnly() {
    LaneRig<MemoryStore>.Connection both =
        rig.connect("1", "").open(0, LaneRig.OUT).open(1, LaneRig.ERR);
    both.send(0, 0, "{\"loss\": 1}\n");
    both.send(1, 0, "{\"loss\": 2}\n");
    rig.pass(2000);
    assertThat(job().records).hasSize(1);
    assertThat(rig.store.streams.get(LaneRig.ERR).log()).containsExactly("{\"loss\": 2}");
  }

  private MemoryStore.StoredJob job() {
    return rig.store.jobs.get("1");
  }

  private List<String> log() {
    return rig.store.streams.get(LaneRig.OUT).log();
  }
}

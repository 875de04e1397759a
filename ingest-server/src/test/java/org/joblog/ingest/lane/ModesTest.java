package org.joblog.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.joblog.ingest.batch.EventKind;
import org.joblog.schema.options.Mode;
import org.junit.jupiter.api.Test;

/** Modes of a job, as its opt-in file, its commands and other servers set them. */
class ModesTest {

  private final LaneRig<MemoryStore> rig = LaneRig.inMemory();

  @Test
  void hidesWhatIsPrintedWhileAnOptInFileIsNotUnderstood() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "mode: [").open(0, LaneRig.OUT);
    out.send(0, 0, "secret\n");
    rig.pass(2000);
    assertThat(rig.store.everything()).doesNotContain("secret");
    assertThat(job().mode).isEqualTo(Mode.DISABLED);
    assertThat(job().events(EventKind.OPTIONS)).hasSizeGreaterThan(1);
  }

  @Test
  void obeysACommandExactlyWhereItStands() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    String text =
        """
        before
        /LOGCOMMAND {"mode":"disabled"}
        password
        /LOGCOMMAND {"mode":"enabled"}
        after
        """;
    out.send(0, 0, text.getBytes(StandardCharsets.UTF_8));
    rig.pass(2000);
    assertThat(log())
        .containsExactly(
            "before",
            "/LOGCOMMAND {\"mode\":\"disabled\"}",
            "/LOGCOMMAND {\"mode\":\"enabled\"}",
            "after");
    assertThat(rig.store.everything()).doesNotContain("password");
    assertThat(job().events(EventKind.COMMAND)).hasSize(2);
  }

  @Test
  void goesToDisabledWhenACommandIsNotUnderstood() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    out.send(0, 0, "/LOGCOMMAND {\"mode\":\"disabeld\"}\npassword\n");
    rig.pass(2000);
    assertThat(rig.store.everything()).doesNotContain("password");
    assertThat(job().mode).isEqualTo(Mode.DISABLED);
    assertThat(job().events(EventKind.COMMAND_ERROR)).hasSize(1);
  }

  @Test
  void takesCommandsForTextWhereTheUserSwitchedThemOff() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "commands: false").open(0, LaneRig.OUT);
    out.send(0, 0, "/LOGCOMMAND {\"mode\":\"disabled\"}\nstill here\n");
    rig.pass(2000);
    assertThat(log()).containsExactly("/LOGCOMMAND {\"mode\":\"disabled\"}", "still here");
    assertThat(job().mode).isEqualTo(Mode.ENABLED);
  }

  @Test
  void keepsRecordsButNoTextInMetadataMode() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "mode: metadata").open(0, LaneRig.OUT);
    out.send(0, 0, "text\n{\"loss\": 1.5}\nmore\n/LOGCOMMAND {\"mode\":\"metadata\"}\n");
    rig.pass(2000);
    assertThat(log()).isEmpty();
    assertThat(job().records).hasSize(1);
    assertThat(rig.store.everything()).doesNotContain("text").doesNotContain("more");
  }

  @Test
  void appliesAModeFromAnotherServerWithoutAnEvent() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "").open(0, LaneRig.OUT);
    job().mode = Mode.DISABLED;
    rig.lane.tell(new LaneMessage.ModesMayHaveChanged(Set.of(job().key)));
    rig.settle();
    out.send(0, 0, "secret\n");
    rig.pass(2000);
    assertThat(rig.store.everything()).doesNotContain("secret");
    assertThat(job().events(EventKind.COMMAND)).isEmpty();
  }

  @Test
  void letsItsOwnUncommittedCommandWinOverWhatTheStoreStillSays() {
    LaneRig<MemoryStore>.Connection out = rig.connect("1", "mode: disabled").open(0, LaneRig.OUT);
    rig.lane.tell(new LaneMessage.ModesMayHaveChanged(Set.of()));
    rig.work();
    out.send(0, 0, "/LOGCOMMAND {\"mode\":\"enabled\"}\nshown\n");
    rig.pass(2000);
    assertThat(log()).contains("shown");
    assertThat(job().mode).isEqualTo(Mode.ENABLED);
  }

  private MemoryStore.StoredJob job() {
    return rig.store.jobs.get("1");
  }

  private List<String> log() {
    return rig.store.streams.get(LaneRig.OUT).log();
  }
}

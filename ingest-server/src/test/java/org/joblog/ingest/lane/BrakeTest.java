package org.joblog.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.joblog.ingest.batch.BatchLimits;
import org.joblog.ingest.batch.Event;
import org.joblog.ingest.batch.EventKind;
import org.junit.jupiter.api.Test;

/** Slowing a job that prints too much, and telling so. */
class BrakeTest {

  @Test
  void aJobCountsAsSlowedUntilItsLastPauseIsOverAndNoneFollows() {
    LaneRig<MemoryStore> slow = slow(new ThroughputLimit(100, 1000, 100, 1000));
    LaneRig<MemoryStore>.Connection job = slow.connect("1", "").open(0, LaneRig.OUT);
    job.send(0, 0, "x".repeat(799) + "\n");
    slow.settle();
    slow.pass(7001);
    assertThat(job.peer.paused).isFalse();
    slow.pass(4000);
    assertThat(slow.store.jobs.get("1").events).hasSize(1);
    job.send(0, 800, "y".repeat(699) + "\n");
    slow.settle();
    slow.pass(6001);
    assertThat(job.peer.paused).isFalse();
    slow.pass(5000);
    assertThat(slow.store.jobs.get("1").events)
        .extracting(Event::message)
        .containsExactly(
            "The job is slowed: it printed 0.8 MB/s, the limit is 0.0 MB/s. Nothing is lost.",
            "The job is no longer slowed; it was for 17 s. Nothing was lost.");
  }

  @Test
  void figuresInMessagesAreWrittenTheSameInEveryCountry() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      LaneRig<MemoryStore> slow = slow(new ThroughputLimit(1 << 20, 1000, 1 << 20, 1000));
      slow.connect("1", "").open(0, LaneRig.OUT).send(0, 0, "\n".repeat(2000));
      slow.settle();
      assertThat(slow.store.jobs.get("1").events.getFirst().message())
          .contains("2,000,000 lines/s, the limit is 1,000 lines/s");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void slowsAJobThatPrintsTooMuchAndSaysSo() {
    LaneRig<MemoryStore> slow = slow(new ThroughputLimit(100, 1000, 100, 1000));
    LaneRig<MemoryStore>.Connection fast = slow.connect("1", "").open(0, LaneRig.OUT);
    LaneRig<MemoryStore>.Connection other = slow.connect("2", "").open(0, LaneRig.ERR);
    fast.send(0, 0, "x".repeat(299) + "\n");
    slow.settle();
    assertThat(fast.peer.paused).isTrue();
    assertThat(other.peer.paused).isFalse();
    slow.pass(1000);
    assertThat(fast.peer.paused).isTrue();
    slow.pass(1100);
    assertThat(fast.peer.paused).isFalse();
    slow.pass(6000);
    slow.pass(6000);
    assertThat(slow.store.jobs.get("1").events)
        .extracting(Event::kind)
        .containsExactly(EventKind.SLOWED, EventKind.UNSLOWED);
    assertThat(slow.store.streams.get(LaneRig.OUT).log()).containsExactly("x".repeat(299));
  }

  private static LaneRig<MemoryStore> slow(ThroughputLimit throughput) {
    LaneLimits limits =
        new LaneLimits(
            throughput,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            16,
            10,
            64,
            1 << 20,
            BatchLimits.DEFAULT);
    return new LaneRig<>(new MemoryStore(), limits);
  }
}

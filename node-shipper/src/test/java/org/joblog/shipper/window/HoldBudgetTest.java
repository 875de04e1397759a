package org.joblog.shipper.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HoldBudgetTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Ten seconds, and a floor of 1000 bytes a second. */
  private final HoldBudget budget = new HoldBudget(10 * SECOND, 1000, 0);

  @Test
  void waitingWithoutProgressIsCharged() {
    budget.begin(0);
    assertThat(budget.leftNanos(4 * SECOND)).isEqualTo(6 * SECOND);
    assertThat(budget.leftNanos(10 * SECOND)).isZero();
  }

  @Test
  void theBudgetIsForAllWaitsTogether() {
    budget.begin(0);
    budget.end(6 * SECOND);
    budget.begin(6 * SECOND);
    assertThat(budget.leftNanos(9 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void twoStreamsThatWaitAtOnceAreChargedOnce() {
    budget.begin(0);
    budget.begin(0);
    budget.end(4 * SECOND);
    assertThat(budget.leftNanos(5 * SECOND)).isEqualTo(5 * SECOND);
  }

  @Test
  void progressAboveTheFloorExcusesWaitingForEver() {
    budget.begin(0);
    for (int second = 1; second < 1000; second++) {
      budget.acknowledged(1100, second * SECOND);
      assertThat(budget.leftNanos(second * SECOND)).isGreaterThanOrEqualTo(8 * SECOND);
    }
  }

  @Test
  void progressBelowTheFloorExcusesItsShare() {
    budget.begin(0);
    for (int second = 1; second <= 10; second++) {
      budget.acknowledged(500, second * SECOND);
    }
    // One second before the first byte, then half of each.
    assertThat(budget.leftNanos(11 * SECOND)).isEqualTo(10 * SECOND - SECOND - 5 * SECOND);
  }

  @Test
  void oneBurstExcusesTenSecondsAtMost() {
    budget.begin(0);
    budget.acknowledged(1_000_000_000, 0);
    assertThat(budget.leftNanos(10 * SECOND)).isEqualTo(10 * SECOND);
    assertThat(budget.leftNanos(12 * SECOND)).isEqualTo(8 * SECOND);
  }

  @Test
  void aHundredthOfTheFreeTimeIsEarnedAgainUpToTheWhole() {
    budget.begin(0);
    budget.end(10 * SECOND);
    assertThat(budget.leftNanos(110 * SECOND)).isEqualTo(SECOND);
    assertThat(budget.leftNanos(100_000 * SECOND)).isEqualTo(10 * SECOND);
  }
}

#include "budget.h"

#include "clock.h"

#define FLOOR_BYTES_PER_SECOND 16384       /* the agent's 64 KiB/s for a job, shared by four relays */
#define EXCUSED_MOST SECONDS(10)
#define REFILL_DIVISOR 100                 /* 1 % of the time in which the job runs freely */
#define ALLOWANCE MILLIS(10)               /* less than this is not worth a stop */

void budget_start(struct budget *budget, int64_t most, int64_t now) {
  *budget = (struct budget){.left = most, .most = most, .at = now};
}

void budget_excuse(struct budget *budget, uint64_t bytes) {
  int64_t capped = bytes > (1u << 20) ? (1 << 20) : (int64_t)bytes;
  budget->excused += capped * SECONDS(1) / FLOOR_BYTES_PER_SECOND;
  if (budget->excused > EXCUSED_MOST) {
    budget->excused = EXCUSED_MOST;
  }
}

void budget_reckon(struct budget *budget, bool waiting, int64_t now) {
  int64_t passed = now - budget->at;
  budget->at = now;
  if (budget->waiting) {
    int64_t excused = passed < budget->excused ? passed : budget->excused;
    budget->excused -= excused;
    budget->left -= passed - excused;
  } else {
    budget->left += passed / REFILL_DIVISOR;
  }
  if (budget->left > budget->most) {
    budget->left = budget->most;
  }
  if (budget->left < 0) {
    budget->left = 0;
  }
  budget->waiting = waiting;
}

bool budget_allows(const struct budget *budget) {
  return budget->left > (budget->waiting ? 0 : ALLOWANCE) || budget->excused > 0;
}

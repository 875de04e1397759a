package org.joblog.shipper.relay;

import org.joblog.shipper.window.StreamWindow;
import org.jspecify.annotations.Nullable;

/** A stream and the relay that brings it. Confined to its job's lock, but for the window. */
final class CarriedStream {

  private final StreamWindow window;
  private @Nullable RelayConnection owner;
  private long aloneSince;

  CarriedStream(StreamWindow window, long now) {
    this.window = window;
    aloneSince = now;
  }

  StreamWindow window() {
    return window;
  }

  /** A relay brings it from now on; returns the one that did before. */
  @Nullable RelayConnection take(RelayConnection relay) {
    RelayConnection before = owner;
    owner = relay;
    return before == relay ? null : before;
  }

  /** A relay is gone. */
  void leave(RelayConnection relay, long now) {
    if (owner == relay) {
      owner = null;
      aloneSince = now;
    }
  }

  /** Whether no relay has brought it for so long, in ns. */
  boolean isAloneFor(long nanos, long now) {
    return owner == null && now - aloneSince >= nanos;
  }
}

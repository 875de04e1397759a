package org.joblog.shipper.relay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.schema.wire.ProtocolException;
import org.joblog.shipper.link.Log;
import org.joblog.shipper.window.JobWindow;

/** The jobs of this node that have something to be carried. Safe for use by many threads. */
final class Jobs {

  private final Upstream upstream;
  private final RelayLimits limits;
  private final Log log;
  private final Map<JobKey, CarriedJob> jobs = new HashMap<>();
  private boolean closed;

  Jobs(Upstream upstream, RelayLimits limits, Log log) {
    this.upstream = upstream;
    this.limits = limits;
    this.log = log;
  }

  /**
   * The job of a relay that has greeted, to which it then belongs; a new one is started.
   *
   * @throws ProtocolException if it cannot be
   */
  CarriedJob join(Frame.Greeting greeting, RelayConnection relay) throws ProtocolException {
    synchronized (jobs) {
      if (closed) {
        throw new ProtocolException(RefusalCode.UNAVAILABLE, "agent: stopping (expected: running)");
      }
      CarriedJob known = jobs.get(JobKey.of(greeting));
      if (known != null && !known.window().isDone()) {
        known.attach(relay);
        return known;
      }
      CarriedJob made = make(greeting);
      jobs.put(JobKey.of(greeting), made);
      made.attach(relay);
      made.start();
      log.say("job " + JobKey.of(greeting) + " begins");
      return made;
    }
  }

  /** A job of which an earlier agent has left something; not started yet. */
  CarriedJob restored(Frame.Greeting greeting) throws ProtocolException {
    CarriedJob made = make(greeting);
    synchronized (jobs) {
      jobs.put(JobKey.of(greeting), made);
    }
    return made;
  }

  private CarriedJob make(Frame.Greeting greeting) throws ProtocolException {
    Frame.Greeting plain = greeting.withProof(new byte[0]);
    JobWindow window = upstream.window();
    try {
      return new CarriedJob(plain, window, upstream.link(plain, window), System.nanoTime());
    } catch (IOException e) {
      window.close();
      throw new ProtocolException(RefusalCode.UNAVAILABLE, "link: " + e.getMessage());
    }
  }

  /**
   * Before a stream is opened.
   *
   * @throws ProtocolException if there are too many
   */
  void checkRoom() throws ProtocolException {
    int streams = all().stream().mapToInt(CarriedJob::streamCount).sum();
    if (streams >= limits.streams()) {
      throw new ProtocolException(
          RefusalCode.FULL, "streams: " + streams + " (expected: < " + limits.streams() + ")");
    }
  }

  /** All that are there now. */
  List<CarriedJob> all() {
    synchronized (jobs) {
      return List.copyOf(jobs.values());
    }
  }

  /** Looks after all; returns those that are over, which are forgotten here. */
  List<CarriedJob> tick(long now, long micros) {
    List<CarriedJob> over = new ArrayList<>();
    all().forEach(job -> job.tick(limits, now, micros));
    synchronized (jobs) {
      jobs.values().removeIf(job -> job.isOver(limits, now) && over.add(job));
    }
    over.forEach(job -> log.say("job " + JobKey.of(job.greeting()) + " is over"));
    return over;
  }

  /** Takes no new ones. */
  void close() {
    synchronized (jobs) {
      closed = true;
    }
  }
}

package org.joblog.shipper.relay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.joblog.schema.wire.Frame;
import org.joblog.shipper.link.Link;
import org.joblog.shipper.window.JobWindow;
import org.joblog.shipper.window.StreamName;
import org.joblog.shipper.window.StreamWindow;

/**
 * A job on this node: the relays of its steps on one side, its window and its link to the server on
 * the other. It ends when no relay is left, every stream has ended, and the server has all of it. A
 * step that comes later opens it anew. Safe for use by many threads.
 */
final class CarriedJob {

  /** Where nobody can say how it ended. */
  private static final Frame.EndOfJob UNKNOWN = new Frame.EndOfJob(0, -1, 0);

  private final Frame.Greeting greeting;
  private final JobWindow window;
  private final Link link;
  private final Thread thread;
  private final Map<StreamName, CarriedStream> streams = new HashMap<>();
  private final Set<RelayConnection> relays = new HashSet<>();
  private Frame.EndOfJob status = UNKNOWN;
  private long idleSince;

  CarriedJob(Frame.Greeting greeting, JobWindow window, Link link, long now) {
    this.greeting = greeting;
    this.window = window;
    this.link = link;
    idleSince = now;
    thread = Thread.ofVirtual().name("link " + JobKey.of(greeting)).unstarted(link);
  }

  void start() {
    thread.start();
  }

  Frame.Greeting greeting() {
    return greeting;
  }

  JobWindow window() {
    return window;
  }

  /** How the steps that are over ended, as far as is known. */
  synchronized Frame.EndOfJob status() {
    return status;
  }

  /** A relay has greeted. */
  synchronized void attach(RelayConnection relay) {
    relays.add(relay);
  }

  /** A relay is gone. */
  synchronized void detach(RelayConnection relay, long now) {
    relays.remove(relay);
    streams.values().forEach(stream -> stream.leave(relay, now));
    idleSince = now;
  }

  /**
   * A relay opens a stream. Another relay that had it is cut off.
   *
   * @return the stream; empty if the job has just ended, so that the relay must come again
   */
  Optional<StreamWindow> open(StreamName name, RelayConnection relay, long now) {
    RelayConnection before;
    CarriedStream stream;
    synchronized (this) {
      if (!streams.containsKey(name)) {
        Optional<StreamWindow> added = window.addRelayed(name, 0);
        if (added.isEmpty()) {
          return Optional.empty();
        }
        streams.put(name, new CarriedStream(added.get(), now));
      }
      stream = streams.get(name);
      before = stream.take(relay);
    }
    if (before != null) {
      before.cut();
    }
    return Optional.of(stream.window());
  }

  /** A stream of which an earlier agent has left something. */
  synchronized StreamWindow restore(StreamName name, long acknowledged, long now) {
    StreamWindow added = window.addRelayed(name, acknowledged).orElseThrow();
    streams.put(name, new CarriedStream(added, now));
    return added;
  }

  /** A step is over. Of all its steps the worst counts. */
  synchronized void ended(Frame.EndOfJob end) {
    if (end.signal() != 0 || (end.exitCode() > status.exitCode() && status.signal() == 0)) {
      status = end;
    }
  }

  synchronized int streamCount() {
    return streams.size();
  }

  /** What there is to do from time to time. */
  void tick(RelayLimits limits, long now, long micros) {
    List<RelayConnection> connected;
    synchronized (this) {
      endAbandoned(limits.absence().toNanos(), now, micros);
      boolean quiet = relays.stream().allMatch(RelayConnection::hasEnded);
      if (quiet && !streams.isEmpty() && window.end() == null && window.isSettled()) {
        window.setEnd(status.exitCode(), status.signal());
      }
      connected = List.copyOf(relays);
    }
    window.refusal().ifPresent(refusal -> connected.forEach(relay -> relay.refuse(refusal)));
  }

  /** Relays try again every few seconds: one that has not come back is no more. */
  private void endAbandoned(long absence, long now, long micros) {
    for (CarriedStream stream : streams.values()) {
      if (stream.isAloneFor(absence, now) && !stream.window().hasEnded()) {
        stream.window().end(stream.window().received(), micros);
      }
    }
  }

  /** Whether only the server's word is missing. */
  boolean isEnding() {
    return window.end() != null;
  }

  /** Whether it can be forgotten. */
  synchronized boolean isOver(RelayLimits limits, long now) {
    boolean alone = relays.isEmpty();
    boolean refused = window.refusal().isPresent();
    long idle = now - idleSince;
    return window.isDone()
        || (alone && refused && idle >= limits.remembered().toNanos())
        || (alone && streams.isEmpty() && idle >= limits.absence().toNanos());
  }

  /** Tells all relays that this agent goes away for a moment. */
  void dismiss() {
    List<RelayConnection> connected;
    synchronized (this) {
      connected = List.copyOf(relays);
    }
    connected.forEach(RelayConnection::dismiss);
  }

  /** Ends the connection to the server, soon. */
  void requestStop() {
    link.stop();
  }

  /** Waits for the end of the connection, so long at most. */
  void awaitStop(long millis) throws InterruptedException {
    thread.join(millis);
  }

  /** Gives memory and disk back. */
  void close() {
    window.close();
  }
}

package org.joblog.ingest.lane;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection's part in a job. Made by {@link Lane#connect}; its state is confined to its lane's
 * thread.
 */
public final class Session {

  private final Lane lane;
  private final Peer peer;
  private @Nullable Job job;
  private long uid;
  private boolean admitted;
  private boolean closed;

  /** The streams by the number that the sender gave them; null while one is being opened. */
  private final List<@Nullable Route> routes = new ArrayList<>(2);

  /** Bytes admitted whose effects are not yet in a batch. */
  private long openCost;

  private boolean endRequested;

  Session(Lane lane, Peer peer) {
    this.lane = lane;
    this.peer = peer;
  }

  /** The lane that serves this connection. */
  public Lane lane() {
    return lane;
  }

  Peer peer() {
    return peer;
  }

  @Nullable Job job() {
    return job;
  }

  void join(Job joined, long greeter) {
    job = joined;
    uid = greeter;
  }

  /** Who greeted. */
  long uid() {
    return uid;
  }

  /** Whether the sender was welcomed. */
  boolean admitted() {
    return admitted;
  }

  void admit() {
    admitted = true;
    peer.welcome();
  }

  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  List<@Nullable Route> routes() {
    return routes;
  }

  /** The route of a stream, or null if it is not open. */
  @Nullable Route route(int stream) {
    return stream >= 0 && stream < routes.size() ? routes.get(stream) : null;
  }

  /** Binds a stream's number to its route. */
  void bind(int stream, Route route) {
    while (routes.size() <= stream) {
      routes.add(null);
    }
    routes.set(stream, route);
  }

  void charge(long cost) {
    openCost += cost;
  }

  /** The cost since the last call. */
  long takeCost() {
    long cost = openCost;
    openCost = 0;
    return cost;
  }

  boolean endRequested() {
    return endRequested;
  }

  void requestEnd() {
    endRequested = true;
  }
}

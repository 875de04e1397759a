package org.joblog.ingest.lane;

import java.util.function.Consumer;
import org.joblog.ingest.store.OpenedJob;
import org.joblog.ingest.store.StreamIdentity;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds or opens the streams that senders name, and hands their messages to their routes. Confined
 * to its lane's thread.
 */
final class Streams {

  /** Shows senders the door. */
  interface Door {
    void refuse(Session session, RefusalCode code, String message);
  }

  /** A stream that is being opened, for the session that asked last. */
  record Opening(Session session, int stream) {}

  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  private final int limit;
  private final LaneMeter meter;
  private final Consumer<StoreTask> writer;
  private final Door door;

  Streams(LaneParts parts, Consumer<StoreTask> writer, Door door) {
    limit = parts.limits().streamsPerSession();
    meter = parts.meter();
    this.writer = writer;
    this.door = door;
  }

  void open(LaneMessage.Open open) {
    Session session = open.session();
    Job job = session.job();
    OpenedJob known = job == null ? null : job.opened();
    if (job == null || known == null || !session.admitted()) {
      door.refuse(session, RefusalCode.PROTOCOL, "stream: before Welcome (expected: after it)");
    } else if (open.stream() >= limit) {
      door.refuse(
          session, RefusalCode.VALUE, "stream: " + open.stream() + " (expected: < " + limit + ")");
    } else {
      open(job, known.jobKey(), open);
    }
  }

  private void open(Job job, long jobKey, LaneMessage.Open open) {
    StreamIdentity identity = open.identity();
    Route route = job.routes().get(identity);
    if (route != null) {
      attach(route, open.session(), open.stream());
      return;
    }
    Opening earlier = job.opening().put(identity, new Opening(open.session(), open.stream()));
    if (earlier == null) {
      writer.accept(new StoreTask.OpenStream(open.session(), open.stream(), jobKey, identity));
    } else {
      supersede(earlier.session());
    }
  }

  void opened(LaneMessage.StreamOpened answer) {
    Job job = answer.session().job();
    Opening opening = job == null ? null : job.opening().remove(answer.identity());
    if (job == null || opening == null) {
      return;
    }
    Route route = restore(job, answer);
    if (route == null) {
      refuseForNow(opening.session());
      return;
    }
    job.routes().put(answer.identity(), route);
    meter.streams(1);
    if (!opening.session().closed()) {
      attach(route, opening.session(), opening.stream());
    }
  }

  /** A checkpoint that cannot be read costs one stream: a newer server may have written it. */
  private static @Nullable Route restore(Job job, LaneMessage.StreamOpened answer) {
    try {
      return new Route(job, answer.identity().kind(), answer.opened());
    } catch (RuntimeException e) {
      LOG.error("stream {} cannot go on", answer.opened().streamKey(), e);
      return null;
    }
  }

  private void attach(Route route, Session session, int stream) {
    Session before = route.session();
    if (before != null && before != session) {
      supersede(before);
    }
    route.attach(session, stream);
    session.bind(stream, route);
    session.peer().resume(stream, route.received());
    // What was committed after its connection broke would be acknowledged to nobody else.
    if (route.committed() > 0) {
      session.peer().acknowledge(stream, route.committed());
    }
  }

  void bytes(LaneMessage.Bytes message) {
    Route route = routeOf(message.session(), message.stream());
    if (route != null) {
      long lines = route.data(message.offset(), message.atMicros(), message.bytes());
      route.job().brake().spend(message.bytes().length, lines);
    }
  }

  void lost(LaneMessage.Lost message) {
    Route route = routeOf(message.session(), message.stream());
    if (route != null) {
      route.gap(message.to(), message.atMicros(), message.reason());
    }
  }

  void noticed(LaneMessage.Noticed message) {
    Route route = routeOf(message.session(), message.stream());
    if (route != null) {
      route.noticed(message.atMicros(), message.code(), message.detail());
    }
  }

  void end(LaneMessage.EndOfStream message) {
    Route route = routeOf(message.session(), message.stream());
    if (route != null) {
      route.end(message.offset(), message.atMicros());
    }
  }

  void supersede(Session session) {
    door.refuse(session, RefusalCode.SUPERSEDED, "another connection carries this stream now");
  }

  void refuseForNow(Session session) {
    door.refuse(session, RefusalCode.UNAVAILABLE, "the server cannot open this job or stream now");
  }

  /** The stream is no longer this server's, or its state is not to be trusted. */
  void forget(Route route) {
    if (route.job().forget(route)) {
      meter.streams(-1);
    }
  }

  private @Nullable Route routeOf(Session session, int stream) {
    Route route = session.route(stream);
    if (route == null) {
      door.refuse(
          session, RefusalCode.PROTOCOL, "stream: " + stream + " (expected: one that was opened)");
    }
    return route;
  }
}

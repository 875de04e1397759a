package org.joblog.shipper.link;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.Frame.RefusalCode;
import org.joblog.shipper.window.JobWindow;
import org.joblog.shipper.window.Reach;
import org.joblog.shipper.window.StreamWindow;

/**
 * Keeps a connection to the server for as long as there is something to send, one after the other.
 * It has a thread of its own, which owns everything here; other threads only call {@link #rouse}.
 * Nothing that fails here reaches the job.
 */
public final class Link implements Runnable {

  private final Rounds rounds;
  private final TransportFactory transports;
  private final Source source;
  private final JobWindow window;
  private final LinkLimits limits;
  private final Log log;
  private final Selector selector;
  private final Backoff backoff;
  private final Buffers buffers;
  private final List<StreamSender> streams = new ArrayList<>();

  /** Whether the thread waits for something to send, so that one rousing is enough. */
  private volatile boolean idle;

  private volatile boolean stopping;

  /** Makes the connection's way of carrying bytes. */
  @FunctionalInterface
  public interface TransportFactory {
    /** Wraps a connected channel. */
    Transport over(SocketChannel channel, ServerAddress server) throws IOException;

    /** Bytes as they are. */
    static TransportFactory plain() {
      return (channel, _) -> new PlainTransport(channel);
    }
  }

  /** A link for the streams of a window, those too that it will be given later. */
  public Link(
      Servers servers,
      TransportFactory transports,
      Source source,
      JobWindow window,
      LinkLimits limits,
      Log log)
      throws IOException {
    rounds = new Rounds(servers);
    this.transports = transports;
    this.source = source;
    this.window = window;
    this.limits = limits;
    this.log = log;
    selector = Selector.open();
    backoff = new Backoff(limits, new SplittableRandom());
    buffers = Buffers.of(limits.payloadBytes());
    window.onChange(this::rouse, selector::wakeup);
  }

  /** There may be something to send. Never waits. */
  public void rouse() {
    if (idle) {
      idle = false;
      selector.wakeup();
    }
  }

  /** Ends the connection soon; what is not acknowledged stays in the window. Never waits. */
  public void stop() {
    stopping = true;
    selector.wakeup();
  }

  /** Streams that were added to the window. */
  private void adopt() {
    List<StreamWindow> known = window.streams();
    while (streams.size() < known.size()) {
      int number = streams.size();
      streams.add(new StreamSender(number, known.get(number), limits.payloadBytes()));
    }
  }

  @Override
  public void run() {
    try (selector) {
      while (goOn(serve())) {}
    } catch (IOException | RuntimeException | Error e) {
      log.say("shipping ends: " + e);
      window.refuse(new Frame.Refusal(RefusalCode.VALUE, "the shipper failed"));
    }
  }

  /** Draws the consequence; whether to connect again. */
  private boolean goOn(Outcome outcome) throws IOException {
    return switch (outcome) {
      case Outcome.GoingOn _ -> true;
      // A stream that was added while the end was on its way needs another connection.
      case Outcome.Done _ -> !window.setDone();
      case Outcome.Stopped _ -> false;
      case Outcome.Broken(String why) -> {
        retry(why, backoff::next);
        yield true;
      }
      case Outcome.SentAway(long millis) -> {
        retry("the server said goodbye", () -> backoff.asked(millis));
        yield true;
      }
      case Outcome.Refused refused when refused.code().retry() -> {
        retry("refused, " + refused.code() + ": " + refused.message(), backoff::next);
        yield true;
      }
      case Outcome.Refused refused -> {
        log.say("refused for good, " + refused.code() + ": " + refused.message());
        window.refuse(new Frame.Refusal(refused.code(), refused.message()));
        yield false;
      }
    };
  }

  /** Goes on to the next server soon; to the first again after a wait. */
  private void retry(String why, LongSupplier wait) throws IOException {
    ServerAddress failed = rounds.present();
    boolean all = rounds.leave();
    long millis = all ? wait.getAsLong() : backoff.first();
    String next = rounds.present().equals(failed) ? "again" : rounds.present() + " next";
    log.say(failed + ": " + why + "; " + next + " in " + millis + " ms");
    // One of several that is down at the beginning says nothing of the others: the end waits for
    // them.
    if (all || !window.isUndecided()) {
      window.setReach(Reach.AWAY);
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    // The end of the job ends a long wait: what is left should go now or never.
    boolean hurried = window.isFinishing();
    while (System.nanoTime() < until && (hurried || !window.isFinishing()) && !stopping) {
      sleep(until);
    }
  }

  /** One connection, from connecting to its end. */
  private Outcome serve() {
    if (stopping) {
      return new Outcome.Stopped();
    }
    ServerAddress server = rounds.present();
    try (SocketChannel channel = SocketChannel.open()) {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      if (!connect(channel, server)) {
        return new Outcome.Broken("no answer to connecting");
      }
      try (Transport transport = transports.over(channel, server)) {
        return serve(key, transport);
      } finally {
        key.cancel();
        selector.selectNow();
      }
    } catch (IOException e) {
      return new Outcome.Broken("connecting failed: " + e.getMessage());
    }
  }

  private boolean connect(SocketChannel channel, ServerAddress server) throws IOException {
    long until = System.nanoTime() + limits.greeting().toNanos();
    boolean connected = channel.connect(server.resolve());
    while (!connected && System.nanoTime() < until && !stopping) {
      sleep(until);
      connected = channel.finishConnect();
    }
    return connected;
  }

  private Outcome serve(SelectionKey key, Transport transport) throws IOException {
    Session session =
        new Session(
            transport, buffers, source, streams, window, log, limits.greeting(), System.nanoTime());
    while (true) {
      long now = System.nanoTime();
      session.read(now);
      // Said before looking for something to send: what comes after the look rouses the selector.
      idle = true;
      adopt();
      boolean waiting = session.write(now);
      session.watch(now);
      if (session.hasProgress()) {
        backoff.reset();
        rounds.keep();
      }
      if (!(session.outcome() instanceof Outcome.GoingOn)) {
        session.leave();
        return session.outcome();
      }
      if (stopping) {
        session.leave();
        return new Outcome.Stopped();
      }
      key.interestOps(SelectionKey.OP_READ | (waiting ? SelectionKey.OP_WRITE : 0));
      sleep(session.wakeAt());
    }
  }

  /** Waits for the network, for something to send, or for a time. */
  private void sleep(long until) throws IOException {
    long millis = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()) + 1;
    if (millis > 0) {
      selector.select(millis);
    }
    selector.selectedKeys().clear();
  }
}

package org.joblog.shipper.relay;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.joblog.shipper.link.Log;
import org.joblog.shipper.window.JobWindow;

/**
 * A running agent: its door, its jobs, and the clock that looks after them. Started in order,
 * closed in reverse, each wait bounded. Safe for use by many threads.
 *
 * <pre>
 *   relay ─┐
 *   relay ─┼─ socket ─► job ─► window ─► link ─► server
 *   relay ─┘                     └─ spool
 * </pre>
 */
public final class Agent implements Closeable {

  /** While a relay comes or a step ends, so that nobody waits for the clock. */
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Otherwise: seldom enough that a quiet node does not feel it. */
  private static final long QUIET_TICK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long its end may wait for the last words to relays and to the server, in all. */
  private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final RelayLimits limits;
  private final Log log;
  private final JobWindow.Clock clock;
  private final FileChannel lockFile;
  private final Jobs jobs;
  private final KeptJobs kept;
  private final Door door;
  private final TurnedAway turnedAway;
  private final Set<RelayConnection> relays = ConcurrentHashMap.newKeySet();
  private final Thread clockwork;
  private volatile boolean closing;

  private Agent(Config config, FileChannel lockFile) throws IOException {
    limits = config.limits();
    log = config.log();
    clock = config.clock();
    this.lockFile = lockFile;
    turnedAway = new TurnedAway(limits.relays(), log);
    jobs = new Jobs(config.upstream(), limits, log);
    kept = new KeptJobs(config.spoolFolder(), log);
    kept.restore(jobs, clock.nanos());
    clockwork = Thread.ofVirtual().name("agent-clock").unstarted(this::tick);
    door = Door.open(config.socket(), config.relayUser(), this::enter, log);
    clockwork.start();
  }

  /**
   * What an agent needs.
   *
   * @param socket where relays find it
   * @param relayUser name or number of the account that relays run as; empty for its own
   * @param spoolFolder where it keeps what does not fit into memory, and what outlives it
   */
  public record Config(
      Path socket,
      String relayUser,
      Path spoolFolder,
      RelayLimits limits,
      Upstream upstream,
      JobWindow.Clock clock,
      Log log) {}

  /**
   * Starts an agent.
   *
   * @throws IOException if another one runs already, or the socket or the spool cannot be had
   */
  public static Agent start(Config config) throws IOException {
    Files.createDirectories(config.spoolFolder());
    FileChannel file =
        FileChannel.open(
            config.spoolFolder().resolve("agent.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      if (!isLocked(file)) {
        throw new IOException(
            "spool " + config.spoolFolder() + ": in use (expected: one agent for each)");
      }
      return new Agent(config, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The lock lasts as long as the channel is open. */
  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private boolean enter(SocketChannel channel) throws IOException {
    if (relays.size() >= limits.relays()) {
      turnedAway.count(clock.nanos());
      return false;
    }
    RelayConnection relay = new RelayConnection(channel, jobs, limits, this::hurry);
    relays.add(relay);
    hurry();
    Thread.ofVirtual()
        .name("relay")
        .start(() -> {
          try {
            relay.run();
          } finally {
            relays.remove(relay);
          }
        });
    return true;
  }

  private void tick() {
    while (!closing) {
      try {
        long now = clock.nanos();
        relays.forEach(relay -> relay.watch(now));
        turnedAway.tell(now);
        for (CarriedJob job : jobs.tick(now, clock.micros())) {
          kept.forget(job);
          job.close();
        }
      } catch (RuntimeException e) {
        log.say("the agent's clock failed, and goes on: " + e);
      }
      LockSupport.parkNanos(isQuiet() ? QUIET_TICK_NANOS : TICK_NANOS);
    }
  }

  private boolean isQuiet() {
    return relays.stream().allMatch(RelayConnection::isSettled)
        && jobs.all().stream().noneMatch(CarriedJob::isEnding);
  }

  /** Something has begun or ended that the clock looks after. */
  private void hurry() {
    LockSupport.unpark(clockwork);
  }

  /** How many relays are connected. */
  public int relays() {
    return relays.size();
  }

  /** How many connections of relays were closed since its start because there was no place. */
  public long turnedAway() {
    return turnedAway.total();
  }

  /** How many jobs are carried. */
  public int jobs() {
    return jobs.all().size();
  }

  /** Stops: relays are asked to come again soon, and what the server does not have is kept. */
  @Override
  public void close() throws IOException {
    long until = System.nanoTime() + STOP_NANOS;
    closing = true;
    hurry();
    jobs.close();
    door.close();
    relays.forEach(RelayConnection::dismiss);
    try {
      clockwork.join(millisUntil(until));
      List<CarriedJob> left = jobs.all();
      left.forEach(CarriedJob::requestStop);
      while (!relays.isEmpty() && System.nanoTime() < until) {
        LockSupport.parkNanos(TICK_NANOS / 10);
      }
      relays.forEach(RelayConnection::cut);
      for (CarriedJob job : left) {
        job.awaitStop(millisUntil(until));
        if (!job.window().isDone() && job.window().refusal().isEmpty()) {
          kept.save(job);
        } else {
          kept.forget(job);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lockFile.close();
    }
  }

  private static long millisUntil(long until) {
    return Math.max(1, TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()));
  }
}

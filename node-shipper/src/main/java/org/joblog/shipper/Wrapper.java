package org.joblog.shipper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.joblog.schema.wire.Frame;
import org.joblog.schema.wire.WireLimits;
import org.joblog.shipper.job.JobIdentity;
import org.joblog.shipper.job.OptIn;
import org.joblog.shipper.link.Link;
import org.joblog.shipper.link.LinkLimits;
import org.joblog.shipper.posix.Descriptors;
import org.joblog.shipper.posix.Signals;
import org.joblog.shipper.posix.Spawn;
import org.joblog.shipper.tee.Tee;
import org.joblog.shipper.window.DrainLimits;
import org.joblog.shipper.window.JobWindow;
import org.joblog.shipper.window.Storage;
import org.joblog.shipper.window.StreamName;
import org.joblog.shipper.window.WindowLimits;
import org.jspecify.annotations.Nullable;

/**
 * Runs a captured command: the wiring of pipes, tees, window and link, their start in order and
 * their end in reverse. Confined to the main thread.
 *
 * <pre>
 *   command ─ pipe ─► tee ─► where the output went before
 *                      └───► window ─► link ─► server
 * </pre>
 */
final class Wrapper {

  private final Settings settings;
  private final Command command;
  private final JobIdentity identity;
  private final OptIn optIn;
  private final Diagnostics log;
  private final JobWindow window;
  private final Spawn spawn;
  private final List<Tee> tees = new ArrayList<>();
  private final List<Integer> childEnds = new ArrayList<>();
  private Descriptors.@Nullable Pipe stop;
  private @Nullable Link link;

  Wrapper(Settings settings, Command command, JobIdentity identity, OptIn optIn, Diagnostics log) {
    this.settings = settings;
    this.command = command;
    this.identity = identity;
    this.optIn = optIn;
    this.log = log;
    spawn = command.child(identity.run());
    WindowLimits limits =
        WindowLimits.DEFAULTS
            .withSpoolBytes(settings.spoolBytes())
            .withHoldBudget(settings.holdBudget());
    window = new JobWindow(limits, Storage.ofOneJob(settings.spoolFolder()), ServerAccess.CLOCK);
  }

  /**
   * Makes everything that is needed, and starts nothing.
   *
   * @throws IOException if something cannot be had; the command can still be run plainly then
   */
  Wrapper prepare(Capture capture) throws IOException {
    stop = pipe();
    for (Capture.Output output : capture.outputs()) {
      Descriptors.Pipe pipe = pipe();
      childEnds.add(pipe.writeEnd());
      output.descriptors().forEach(fd -> spawn.redirect(pipe.writeEnd(), fd));
      tees.add(
          new Tee(
              pipe.readEnd(),
              output.destination(),
              stop.readEnd(),
              settings.linger(),
              window.add(new StreamName(identity.step(), identity.task(), output.kind()))));
    }
    link = makeLink();
    return this;
  }

  /** Runs the command to its end, and returns how it ended; the exit status is the caller's. */
  Supervisor.Ending run() {
    Thread.setDefaultUncaughtExceptionHandler((_, e) -> log.say("a thread failed: " + e));
    Signals.setDefault(Signals.SIGCHLD);
    Signals.block(Signals.bits(Signals.SIGCHLD));
    command.start().restoreIgnored();
    command.start().hideOwnDescriptors();
    int pid = spawn.start();
    childEnds.forEach(Descriptors::close);
    if (pid < 0) {
      return new Supervisor.Ending.Exited(command.failure(-pid));
    }
    List<Thread> teeThreads =
        tees.stream().map(tee -> start("tee-" + tee.destination(), () -> carry(tee))).toList();
    start("link", Objects.requireNonNull(link));
    Supervisor.Ending ending = new Supervisor(pid).await();
    Supervisor.listenAgain();
    try {
      finish(teeThreads, ending);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the main thread", e);
    }
    return ending;
  }

  private static Descriptors.Pipe pipe() throws IOException {
    return Descriptors.pipe().orElseThrow(() -> new IOException("no descriptors for a pipe"));
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** A tee's thread: when the tee ends before the writers do, they keep a reader. */
  private void carry(Tee tee) {
    tee.run();
    if (tee.endedHow() == Tee.End.LEFT_OPEN || tee.endedHow() == Tee.End.FAILED) {
      leaveToCat(tee);
    }
  }

  /** The command is over: what it printed reaches its destination, then the server. */
  private void finish(List<Thread> teeThreads, Supervisor.Ending ending)
      throws InterruptedException {
    Descriptors.close(Objects.requireNonNull(stop).writeEnd());
    window.finish();
    for (Thread thread : teeThreads) {
      // Unbounded on purpose: it waits for the destination, as the command itself would have.
      thread.join();
    }
    switch (ending) {
      case Supervisor.Ending.Exited(int code) -> window.setEnd(code, 0);
      case Supervisor.Ending.Killed(int signal) -> window.setEnd(-1, signal);
    }
    boolean all = window.awaitDone(DrainLimits.DEFAULTS.withoutProgress(settings.drain()));
    log.say(all ? "the server has everything" : "the end was not acknowledged in time");
  }

  /** Somebody can still print: from here on without joblog. */
  private void leaveToCat(Tee tee) {
    command.start().hideOwnDescriptors();
    int pid =
        new Spawn(
                List.of("cat".getBytes(StandardCharsets.US_ASCII)),
                command.environment().forCommand())
            .redirect(tee.pipe(), 0)
            .redirect(tee.destination(), 1)
            .start();
    Descriptors.close(tee.pipe());
    log.say("output goes on without being captured, through cat, process " + pid);
  }

  private Link makeLink() throws IOException {
    Frame.Greeting greeting =
        new Frame.Greeting(
            WireLimits.VERSION,
            identity.cluster(),
            identity.job(),
            identity.restart(),
            identity.node(),
            JobIdentity.text(optIn.user(), WireLimits.MAX_NAME_BYTES),
            optIn.uid(),
            identity.name(),
            identity.startedMicros(),
            new SecureRandom().nextLong(),
            optIn.file(),
            new byte[0]);
    return new ServerAccess(settings, log).link(greeting, window, LinkLimits.DEFAULTS);
  }
}

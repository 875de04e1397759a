package org.joblog.shipper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.joblog.schema.wire.Frame;
import org.joblog.shipper.link.Link;
import org.joblog.shipper.link.LinkLimits;
import org.joblog.shipper.link.Log;
import org.joblog.shipper.relay.Agent;
import org.joblog.shipper.relay.RelayLimits;
import org.joblog.shipper.relay.Upstream;
import org.joblog.shipper.window.Allowance;
import org.joblog.shipper.window.JobWindow;
import org.joblog.shipper.window.Storage;
import org.joblog.shipper.window.WindowLimits;

/** {@code joblog-shipper agent}: carries the output of a node's jobs. Confined to its thread. */
final class AgentCommand {

  private static final int USAGE = 2;

  /** How long a check waits for the server's first word: a handshake through a slow network. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  /** Memory for all rings together: more did not make a flood faster (docs/benchmarks.md). */
  private static final long RING_BYTES = 16L << 20;

  private final AgentSettings settings;
  private final Log log;

  private AgentCommand(AgentSettings settings, Log log) {
    this.settings = settings;
    this.log = log;
  }

  /** Runs until it is told to stop; returns the exit code. */
  static int run(List<String> options, Map<String, String> environment) {
    List<String> words = new ArrayList<>(options);
    boolean check = words.remove("--check");
    try {
      Path file = takeFile(words);
      SettingsReader reader = SettingsReader.ofAgent(environment).options(words).file(file);
      AgentSettings settings = reader.agentSettings();
      List<String> wrong = new ArrayList<>(reader.complaints());
      if (settings.common().server().isEmpty()) {
        wrong.add("server: none (expected: server = HOST:PORT in " + file + ", or --server)");
      }
      if (!wrong.isEmpty()) {
        wrong.forEach(AgentCommand::complain);
        return USAGE;
      }
      // Standard error is where a service's words are looked for.
      Log log =
          settings.common().logFile().isPresent()
              ? new Diagnostics(settings.common())
              : line -> System.err.println("joblog-agent: " + line);
      AgentCommand command = new AgentCommand(settings, new DampedLog(log, System::nanoTime));
      return check ? command.check() : command.serve();
    } catch (IllegalArgumentException | IOException e) {
      complain(String.valueOf(e.getMessage()));
      return e instanceof IOException ? 1 : USAGE;
    }
  }

  private static void complain(String what) {
    System.err.println("joblog-agent: " + what);
  }

  /** The file of settings, which has to be there if it is named. */
  private static Path takeFile(List<String> words) {
    int at = words.indexOf("--config");
    if (at < 0 || at + 1 >= words.size()) {
      return SettingsReader.AGENT_FILE;
    }
    words.remove(at);
    Path file = Path.of(words.remove(at));
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("config: " + file + " (expected: a file to read)");
    }
    return file;
  }

  private int serve() throws IOException {
    Agent agent = Agent.start(config());
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent, stopped), "agent-stop"));
    log.say(
        "ready: relays on "
            + settings.socket()
            + ", server "
            + settings.common().server().orElseThrow());
    try {
      stopped.await();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the main thread", e);
    }
    return 0;
  }

  private void stop(Agent agent, CountDownLatch stopped) {
    try {
      agent.close();
      log.say("stopped");
    } catch (IOException e) {
      log.say("stopped: " + e.getMessage());
    } finally {
      stopped.countDown();
    }
  }

  private Agent.Config config() throws IOException {
    Files.createDirectories(settings.stateFolder());
    Storage storage =
        new Storage(
            settings.stateFolder(),
            new Allowance(settings.nodeSpoolBytes()),
            new Allowance(RING_BYTES));
    WindowLimits limits =
        WindowLimits.OF_AN_AGENT
            .withSpoolBytes(settings.common().spoolBytes())
            .withHoldBudget(settings.common().holdBudget());
    ServerAccess access = new ServerAccess(settings.common(), log);
    Upstream upstream =
        new Upstream() {
          @Override
          public JobWindow window() {
            return new JobWindow(limits, storage, ServerAccess.CLOCK);
          }

          @Override
          public Link link(Frame.Greeting greeting, JobWindow window) throws IOException {
            return access.link(greeting, window, LinkLimits.OF_AN_AGENT);
          }
        };
    return new Agent.Config(
        settings.socket(),
        settings.relayUser(),
        settings.stateFolder(),
        RelayLimits.DEFAULTS,
        upstream,
        ServerAccess.CLOCK,
        log);
  }

  /** Says what is wrong before it matters. */
  private int check() {
    ServerAccess access = new ServerAccess(settings.common(), log);
    List<String> wrong = new AgentCheck(settings, access, ANSWER).run();
    wrong.forEach(AgentCommand::complain);
    if (wrong.isEmpty()) {
      System.out.println(
          "joblog-agent: all is well: " + settings.common().server().orElseThrow() + " answers");
    }
    return wrong.isEmpty() ? 0 : 1;
  }
}

package org.joblog.shipper;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.joblog.schema.wire.Frame;
import org.joblog.shipper.link.Link;
import org.joblog.shipper.link.LinkLimits;
import org.joblog.shipper.link.Servers;
import org.joblog.shipper.link.Source;
import org.joblog.shipper.relay.Agent;
import org.joblog.shipper.relay.RelayLimits;
import org.joblog.shipper.relay.Upstream;
import org.joblog.shipper.window.Allowance;
import org.joblog.shipper.window.JobWindow;
import org.joblog.shipper.window.Storage;
import org.joblog.shipper.window.WindowLimits;

/** An agent inside of the test, with limits that a test can change. Confined to its thread. */
final class AgentRig implements AutoCloseable {

  RelayLimits relays =
      new RelayLimits(
          200,
          400,
          Duration.ofSeconds(1),
          Duration.ofSeconds(20),
          32 << 10,
          Duration.ofSeconds(60),
          Duration.ofSeconds(60));
  WindowLimits window =
      new WindowLimits(
          1 << 20, 64 << 10, 4 << 20, Duration.ofMinutes(10), 64 << 10, Duration.ofMillis(200));
  Allowance spool = new Allowance(1L << 30);
  String relayUser = "";
  Path spoolFolder;
  final List<String> log = new CopyOnWriteArrayList<>();

  private final Path folder;
  private final String server;
  private Optional<Agent> agent = Optional.empty();

  AgentRig(Path folder, String server) {
    this.folder = folder;
    spoolFolder = folder;
    this.server = server;
  }

  Path socket() {
    return folder.resolve("agent.sock");
  }

  Agent start() throws IOException {
    Storage storage = new Storage(spoolFolder, spool, new Allowance(48 << 20));
    Upstream upstream =
        new Upstream() {
          @Override
          public JobWindow window() {
            return new JobWindow(window, storage, ServerAccess.CLOCK);
          }

          @Override
          public Link link(Frame.Greeting greeting, JobWindow window) throws IOException {
            return new Link(
                Servers.parse(server),
                Link.TransportFactory.plain(),
                new Source(greeting, new byte[0]),
                window,
                LinkLimits.OF_AN_AGENT,
                log::add);
          }
        };
    Agent started =
        Agent.start(
            new Agent.Config(
                socket(), relayUser, spoolFolder, relays, upstream, ServerAccess.CLOCK, log::add));
    agent = Optional.of(started);
    return started;
  }

  /** Stops as SIGTERM does. */
  void stop() throws IOException {
    if (agent.isPresent()) {
      agent.get().close();
      agent = Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}

package org.joblog.ingest.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.joblog.ingest.config.ServerConfig;
import org.joblog.ingest.server.IngestServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the ingest server until the process is told to end. Confined to the main thread. */
@Command(
    name = "server",
    description = "Runs the ingest server until SIGTERM or SIGINT, which stop it in order.",
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The server's configuration; see joblog config --template.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws CommandFailed {
    ServerConfig config = Configuration.of(file);
    IngestServer server;
    try {
      server = IngestServer.start(config, Joblog.version());
    } catch (IOException e) {
      throw new CommandFailed(Joblog.FAILED, "the server cannot start: " + e.getMessage());
    }
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
    server.failure().join(); // a signal's way out is the hook
    throw new CommandFailed(Joblog.FAILED, "a thread of the server died, see the log");
  }
}

package org.joblog.ingest.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joblog.ingest.config.DatabaseConfig;
import org.joblog.ingest.config.ServerConfig;
import org.joblog.ingest.store.Migrations;
import org.joblog.ingest.store.StoreSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings the database to this version. Confined to the main thread. */
@Command(
    name = "migrate",
    description = "Creates or upgrades the tables and views, as the role that owns them.",
    mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The server's configuration.")
  private Path file = Path.of("");

  @Override
  public Integer call() throws CommandFailed {
    ServerConfig config = Configuration.of(file);
    DatabaseConfig database = config.database();
    int applied;
    try {
      applied =
          Migrations.migrate(
              new StoreSettings(
                  database.url(),
                  database.ownerUser(),
                  config.secrets().databaseOwnerPassword().orElse("")));
    } catch (RuntimeException e) {
      throw new CommandFailed(
          Joblog.FAILED, "migration of " + database.url() + " failed: " + reason(e));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(applied == 0 ? "Nothing to do." : "Migrations applied: " + applied + ".");
    out.flush();
    return Joblog.DONE;
  }

  /** Flyway's words without the box that it draws around the database's answer. */
  private static String reason(RuntimeException failure) {
    List<String> lines = String.valueOf(failure.getMessage()).lines().toList();
    return Stream.concat(
            lines.stream().limit(1),
            lines.stream().skip(1).filter(line -> line.startsWith("Message")).limit(1))
        .collect(Collectors.joining("; "));
  }
}

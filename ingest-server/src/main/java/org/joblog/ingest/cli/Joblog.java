package org.joblog.ingest.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program {@code joblog}. A command returns one of the exit codes below, or throws {@link
 * CommandFailed} with the reason. Confined to the main thread.
 */
@Command(
    name = "joblog",
    description = "Where a cluster's job output goes.",
    mixinStandardHelpOptions = true,
    versionProvider = Joblog.Version.class,
    subcommands = {
      JobsCommand.class,
      LogCommand.class,
      MetadataCommand.class,
      PageCommand.class,
      ServerCommand.class,
      MigrateCommand.class,
      ConfigCommand.class,
      RenderCommand.class
    },
    footer = {
      "",
      "In a checkout also:",
      "  demo    The whole way on this machine, with a database of its own.",
      "  test    Runs all tests.",
      "  build   Builds the programs.",
      "  bench, bench-store, bench-metadata, bench-shipper, bench-agent, bench-slurm",
      "          Measure what it costs; docs/benchmarks.md.",
      "",
      "Exit codes:",
      "  0       Done.",
      "  1       The command could not do its work; the reason is on stderr.",
      "  2       The command line or the configuration is wrong."
    })
public final class Joblog implements Runnable {

  /** The command did its work. */
  static final int DONE = 0;

  /** The command could not do its work. */
  static final int FAILED = 1;

  /** The command line or the configuration is wrong. */
  static final int WRONG_USE = 2;

  @Spec private CommandSpec spec = CommandSpec.create();

  private Joblog() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "command: none (expected: one of the below)");
  }

  /** Runs a command line and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = program().execute(args);
    System.out.flush();
    System.exit(code);
  }

  /** The command line, with errors told in one line and not as stack traces. */
  static CommandLine program() {
    return new CommandLine(new Joblog())
        .setExecutionStrategy(new CommandLine.RunLast())
        .setExecutionExceptionHandler((failure, command, _) -> tell(failure, command));
  }

  private static int tell(Exception failure, CommandLine command) throws Exception {
    if (failure instanceof CommandFailed told) {
      PrintWriter err = command.getErr();
      err.println("joblog: " + told.getMessage());
      err.flush();
      return told.exitCode();
    }
    throw failure;
  }

  /** The version of this program, as it was packaged. */
  static String version() {
    String version = Joblog.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Says which joblog this is, and on which Java it runs. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"joblog " + version() + " (Java " + Runtime.version() + ")"};
    }
  }
}

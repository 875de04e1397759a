package org.joblog.ingest.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.joblog.ingest.config.Reference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what can be configured, or what is. Confined to the main thread. */
@Command(
    name = "config",
    description = "Checks a configuration and prints what is in force, without secrets.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  /** One of the three. */
  static final class What {
    @Option(names = "--config", paramLabel = "FILE", description = "The file to check.")
    private @Nullable Path file;

    @Option(names = "--template", description = "Prints a file to start from instead.")
    private boolean template;

    @Option(names = "--reference", description = "Prints the page of all keys instead.")
    private boolean reference;
  }

  @Override
  public Integer call() throws CommandFailed {
    PrintWriter out = spec.commandLine().getOut();
    if (what.file != null) {
      out.print(Reference.inForce(Configuration.of(what.file)));
    } else if (what.template) {
      out.print(Reference.template());
    } else if (what.reference) {
      out.print(Reference.page());
    }
    out.flush();
    return Joblog.DONE;
  }
}

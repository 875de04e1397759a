package org.joblog.ingest.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Shows what would be stored of a file of console output. Confined to the main thread. */
@Command(
    name = "render",
    description = "Prints what joblog would store of a recorded console output.",
    mixinStandardHelpOptions = true)
final class RenderCommand implements Callable<Integer> {

  @Override
  public Integer call() throws CommandFailed {
    throw new CommandFailed(Joblog.FAILED, "render is not part of this version");
  }
}

package org.joblog.ingest.cli;

import static org.joblog.ingest.client.Query.encoded;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.joblog.ingest.client.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a link to the page. Confined to the main thread. */
@Command(
    name = "page",
    description = {
      "Prints a link that opens the page with your jobs in a browser.",
      "It is good once and for two minutes: do not give it to anybody."
    },
    mixinStandardHelpOptions = true)
final class PageCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private ViewOptions view = new ViewOptions();

  @Parameters(
      paramLabel = "JOB",
      arity = "0..1",
      defaultValue = "",
      description = "Opens this job: 4711, 4711_3, or cluster/4711.")
  private String job = "";

  @Override
  public Integer call() throws CommandFailed {
    String server = view.serverUrl().toString().replaceAll("/+$", "");
    PrintWriter out = spec.commandLine().getOut();
    int code =
        view.ask(client -> {
          Row link = client.link();
          out.println(
              server + link.get("path") + (job.isEmpty() ? "" : "&to=/job/" + encoded(job)));
        });
    out.flush();
    return code;
  }
}

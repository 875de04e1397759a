package org.joblog.workbench.jmh;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link ConsoleBenchmark} and prints its ratios, of the best iteration of each, since other
 * programs on the machine only ever slow one down. Confined to the main thread.
 */
public final class ConsoleRatios {

  private ConsoleRatios() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws RunnerException {
    Map<Output, Map<String, Double>> micros = new EnumMap<>(Output.class);
    OptionsBuilder options = new OptionsBuilder();
    options.include(ConsoleBenchmark.class.getName()).verbosity(VerboseMode.SILENT);
    for (RunResult result : new Runner(options.build()).run()) {
      Output output = Output.valueOf(result.getParams().getParam("output"));
      String[] name = result.getParams().getBenchmark().split("\\.", -1);
      micros
          .computeIfAbsent(output, _ -> new HashMap<>())
          .put(name[name.length - 1], result.getPrimaryResult().getStatistics().getMin());
    }
    System.out.println("| output | loop MB/s | console MB/s | with fold MB/s | JLine MB/s"
        + " | console / loop | console / JLine |");
    System.out.println("|---|---|---|---|---|---|---|");
    micros.forEach(ConsoleRatios::print);
  }

  private static void print(Output output, Map<String, Double> micros) {
    double size = output.bytes().length;
    System.out.printf(
        Locale.ROOT,
        "| %s | %.0f | %.0f | %.0f | %.1f | %.2f | %.0f |%n",
        output.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        size / of(micros, "loop"),
        size / of(micros, "console"),
        size / of(micros, "consoleAndFold"),
        size / of(micros, "jline"),
        of(micros, "loop") / of(micros, "console"),
        of(micros, "jline") / of(micros, "console"));
  }

  private static double of(Map<String, Double> micros, String benchmark) {
    return Objects.requireNonNull(micros.get(benchmark), benchmark);
  }
}

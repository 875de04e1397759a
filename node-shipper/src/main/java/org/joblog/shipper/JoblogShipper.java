package org.joblog.shipper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.joblog.shipper.job.JobIdentity;
import org.joblog.shipper.job.OptIn;
import org.joblog.shipper.posix.Processes;

/**
 * {@code joblog-shipper run -- COMMAND}: decides whether the command is captured, and becomes the
 * command itself where it is not. Whatever of joblog fails before the command has started, the
 * command is run plainly. Confined to the main thread.
 */
public final class JoblogShipper {

  private static final Path DISABLED = Path.of("/etc/joblog/disabled");
  private static final int USAGE = 2;

  private JoblogShipper() {}

  public static void main(String[] args) {
    int separator = Arrays.asList(args).indexOf("--");
    if (args.length > 0 && args[0].equals("run") && separator > 0 && separator + 1 < args.length) {
      Processes.exit(run(Arrays.asList(args), separator));
    }
    Processes.exit(Help.answer(args));
  }

  private static int run(List<String> args, int separator) {
    try {
      Environment environment = Environment.ofThisProcess();
      Command command =
          new Command(
              Environment.lastWords(args.size() - separator - 1),
              environment,
              Command.StartState.parse(System.getProperty("joblog.start", "")));
      Map<String, String> variables = environment.asMap();
      SettingsReader reader =
          new SettingsReader(variables)
              .options(args.subList(1, separator))
              .file(SettingsReader.FILE);
      Settings settings = reader.settings();
      Diagnostics log = new Diagnostics(settings);
      reader.complaints().forEach(log::say);
      return run(settings, command, variables, log);
    } catch (IllegalArgumentException e) {
      System.err.println("joblog-shipper: " + e.getMessage());
      return USAGE;
    } catch (IOException e) {
      return runWithoutSystem(args.subList(separator + 1, args.size()));
    }
  }

  private static int run(
      Settings settings, Command command, Map<String, String> variables, Diagnostics log) {
    Capture capture = Capture.plan(command.start().closed());
    JobIdentity identity = JobIdentity.of(variables, defaults(settings, command));
    Optional<OptIn> optIn = Optional.empty();
    String captured = variables.getOrDefault(Environment.CAPTURED, "");
    boolean nested =
        captured.equals(identity.run()) || (!captured.isEmpty() && !identity.fromSlurm());
    if (settings.server().isEmpty()) {
      log.say("not captured: no server is configured");
    } else if (Files.exists(DISABLED)) {
      log.say("not captured: " + DISABLED + " exists");
    } else if (nested) {
      log.say("not captured: the output is captured already");
    } else if (capture.outputs().isEmpty()) {
      log.say("not captured: " + capture.why());
    } else {
      optIn = OptIn.ofThisUser(settings.home());
      log.say(optIn.isPresent() ? "captured: " + capture.why() : "not captured: no opt-in file");
    }
    if (optIn.isEmpty()) {
      return command.become();
    }
    return capture(
        new Wrapper(settings, command, identity, optIn.get(), log), capture, command, log);
  }

  private static int capture(Wrapper wrapper, Capture capture, Command command, Diagnostics log) {
    try {
      wrapper.run(capture).ifPresent(Supervisor::endLike);
      return 0;
    } catch (IOException e) {
      log.say("not captured: " + e.getMessage());
      return command.become();
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the main thread", e);
    }
  }

  private static JobIdentity.Defaults defaults(Settings settings, Command command) {
    Instant now = Instant.now();
    String name = new String(command.words().getFirst(), StandardCharsets.UTF_8);
    String stamp =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC).format(now);
    return new JobIdentity.Defaults(
        settings.cluster(),
        settings.job(),
        settings.task(),
        hostName(),
        name.substring(name.lastIndexOf('/') + 1),
        now.getEpochSecond() * 1_000_000 + now.getNano() / 1000,
        stamp + "-" + Processes.self() + "-" + hostName());
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }

  /** Where not even /proc can be read, Java's own means must do. */
  private static int runWithoutSystem(List<String> words) {
    try {
      return new ProcessBuilder(words).inheritIO().start().waitFor();
    } catch (IOException e) {
      System.err.println("joblog-shipper: " + e.getMessage());
      return 127;
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts the main thread", e);
    }
  }
}

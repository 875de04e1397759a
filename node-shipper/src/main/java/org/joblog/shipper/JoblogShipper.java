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
    if (args.length > 0 && args[0].equals("agent") && !Help.isAsked(args)) {
      List<String> options = Arrays.asList(args).subList(1, args.length);
      Processes.exit(AgentCommand.run(options, System.getenv()));
    }
    Processes.exit(Help.answer(args));
  }

  private static int run(List<String> args, int separator) {
    List<String> words = args.subList(separator + 1, args.size());
    try {
      Environment environment = Environment.ofThisProcess();
      Command command =
          new Command(
              Environment.lastWords(words.size()),
              environment,
              Command.StartState.parse(System.getProperty("joblog.start", "")));
      SettingsReader reader =
          new SettingsReader(environment.asMap())
              .options(args.subList(1, separator))
              .file(SettingsReader.FILE);
      Settings settings = reader.settings();
      Diagnostics log = new Diagnostics(settings);
      reader.complaints().forEach(log::say);
      if (!Restart.withSignalsBlocked(environment)) {
        log.say("not captured: signals cannot be blocked");
        return command.become();
      }
      return run(settings, command, log);
    } catch (IllegalArgumentException e) {
      System.err.println("joblog-shipper: " + e.getMessage());
      return USAGE;
    } catch (IOException | LinkageError e) {
      return runWithoutSystem(words);
    }
  }

  private static int run(Settings settings, Command command, Diagnostics log) {
    Optional<Wrapper> wrapper = Optional.empty();
    try {
      wrapper = wrapper(settings, command, log);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Nothing has been started yet, and whatever failed is joblog's and not the job's.
      log.say("not captured: " + e.getMessage());
    }
    if (wrapper.isEmpty()) {
      return command.become();
    }
    Supervisor.endLike(wrapper.get().run());
    return 0;
  }

  /** What captures the command; empty, and said why, if it is not to be captured. */
  private static Optional<Wrapper> wrapper(Settings settings, Command command, Diagnostics log)
      throws IOException {
    Map<String, String> variables = command.environment().asMap();
    Capture capture = Capture.plan(command.start().closed());
    JobIdentity identity = JobIdentity.of(variables, defaults(settings, command));
    Optional<String> reason =
        whyNot(settings, capture, identity, variables.getOrDefault(Environment.CAPTURED, ""));
    if (reason.isPresent()) {
      log.say("not captured: " + reason.get());
      return Optional.empty();
    }
    Optional<OptIn> optIn = OptIn.ofThisUser(settings.home());
    if (optIn.isEmpty()) {
      log.say("not captured: no opt-in file");
      return Optional.empty();
    }
    log.say("captured as " + identity.run() + ": " + capture.why());
    return Optional.of(new Wrapper(settings, command, identity, optIn.get(), log).prepare(capture));
  }

  private static Optional<String> whyNot(
      Settings settings, Capture capture, JobIdentity identity, String captured) {
    if (settings.server().isEmpty()) {
      return Optional.of("no server is configured");
    }
    if (Files.exists(DISABLED)) {
      return Optional.of(DISABLED + " exists");
    }
    boolean sameRun = captured.equals(identity.run());
    if (sameRun || (!captured.isEmpty() && !identity.fromSlurm())) {
      return Optional.of("the output is captured already");
    }
    return capture.outputs().isEmpty() ? Optional.of(capture.why()) : Optional.empty();
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

package org.joblog.workbench;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.joblog.workbench.DemoJob.Place;

/**
 * The whole way on one machine: a PostgreSQL of its own, the server, a job through the shipper, and
 * what a viewer sees of it. Confined to the main thread.
 */
public final class Demo {

  private static final String USAGE =
      """
      joblog demo [--keep]
        Starts a PostgreSQL of its own and the joblog server on this machine, runs a job that prints like a
        training job through joblog-shipper, and shows what a viewer sees of it. Data stay in .joblog/demo: a
        second demo goes on with them.
        --keep  leaves database and server running until Ctrl-C
      """;

  /** How long the end of the job may take to reach the database. */
  private static final Duration END = Duration.ofSeconds(20);

  private final Path root;
  private final Path folder;
  private final Map<String, String> environment;
  private final Narrator tell;

  /**
   * @param root folder of the checkout, with the launch script of the shipper
   * @param folder where everything is kept
   * @param environment more variables for the job
   * @param tell where it says what it does
   */
  Demo(Path root, Path folder, Map<String, String> environment, Narrator tell) {
    this.root = root;
    this.folder = folder;
    this.environment = environment;
    this.tell = tell;
  }

  public static void main(String[] args) throws Exception {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    boolean keep = List.of(args).contains("--keep");
    if (args.length > (keep ? 1 : 0)) {
      boolean help = args[0].equals("--help") || args[0].equals("-h");
      (help ? out : System.err).print(USAGE);
      System.exit(help ? 0 : 2);
    }
    Path root = Path.of(System.getenv().getOrDefault("JOBLOG_ROOT", ".")).toAbsolutePath();
    Narrator tell = new Narrator(out);
    Map<String, String> pace = Map.of("TRAINING_STEPS", "60", "TRAINING_PAUSE", "0.1");
    Closing closing = new Closing(e -> tell.line("did not close: " + e));
    Thread onSignal = new Thread(() -> stop(closing, tell), "shutdown");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      new Demo(root, root.resolve(".joblog/demo"), pace, tell).run(closing, keep);
    } catch (Exception e) {
      // After Ctrl-C everything fails, because everything is being closed: that is no news.
      if (!closing.isClosed()) {
        tell.line("The demo failed: " + e);
        tell.line("To begin afresh: rm -r " + root.resolve(".joblog/demo"));
        closing.close();
        System.exit(1);
      }
    }
    closing.close();
    tell.line("Everything is stopped. The data are kept in " + root.resolve(".joblog/demo") + ".");
  }

  private static void stop(Closing closing, Narrator tell) {
    if (!closing.isClosed()) {
      tell.line("Stopping.");
    }
    closing.close();
  }

  /** Runs it all; what was started is added to {@code closing}, and closed by the caller. */
  void run(Closing closing, boolean keep) throws Exception {
    closing.start(() -> DemoLock.take(folder));
    tell.step("PostgreSQL", "starting one of its own in " + folder.resolve("data"));
    Path programs = root.resolve(".joblog/postgres");
    DemoDatabase database = closing.start(() -> DemoDatabase.start(folder, programs));
    database.prepare();
    tell.done("port " + database.port() + ", tables up to date");

    tell.step("Server", "starting joblog server");
    DemoServer server = closing.start(() -> DemoServer.start(folder, database.url()));
    tell.done("shippers connect to " + server.address() + ", numbers at " + server.metricsUrl());

    String id =
        "demo-"
            + DateTimeFormatter.ofPattern("MMdd-HHmmss").format(ZonedDateTime.now(ZoneOffset.UTC));
    String token = HexFormat.of().toHexDigits(new Random().nextLong());
    Viewer viewer = closing.start(() -> new Viewer(database.connectAsReader()));
    runJob(closing, server, viewer, id, token);

    Showing showing = new Showing(viewer, tell);
    showing.job(id, folder);
    try (Connection everything = database.connectAsSuperuser()) {
      showing.secret(folder.resolve(id + ".out"), token, SecretSearch.in(everything, token));
    }
    showing.further(id, database.psqlUrl("joblog_reader"));
    if (keep) {
      stay(server);
    }
  }

  private void runJob(Closing closing, DemoServer server, Viewer viewer, String id, String token)
      throws Exception {
    tell.step("Job", "running training.sh as job " + id + " through joblog-shipper");
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("TRAINING_TOKEN", token);
    Place place = new Place(root.resolve("joblog-shipper"), folder, variables);
    DemoJob job = closing.start(() -> DemoJob.start(id, place, server));
    while (!job.process().waitFor(1, TimeUnit.SECONDS)) {
      viewer.log(id, "stderr", 1).forEach(bar -> tell.line("live: " + bar.strip()));
    }
    int code = job.process().exitValue();
    if (code != 0) {
      throw new IOException("the job ended with " + code + ", see " + job.err());
    }
    tell.done("exit code 0, " + awaitEnd(viewer, id));
  }

  /** Waits until the end of the job is stored; the shipper has gone before. */
  private static String awaitEnd(Viewer viewer, String id)
      throws SQLException, InterruptedException, IOException {
    long deadline = System.nanoTime() + END.toNanos();
    String state = viewer.state(id);
    while (state.equals("running") || state.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "the end of the job is not stored after " + END.toSeconds() + " s, state: " + state);
      }
      TimeUnit.MILLISECONDS.sleep(100);
      state = viewer.state(id);
    }
    return state;
  }

  private void stay(DemoServer server) throws IOException, InterruptedException {
    tell.title("The page, for your browser: this link is good once, for two minutes");
    tell.line(server.page().link(server.viewing()).toString());
    tell.title("Your jobs in a terminal: jobs, log JOB, metadata JOB");
    tell.line(
        "%s jobs --server %s --munge %s"
            .formatted(root.resolve("joblog"), server.viewing(), server.page().munge()));
    tell.title("The server stays until Ctrl-C. A job of your own");
    tell.line(
        "%s run --server %s --secret-file %s --cluster demo \\"
            .formatted(root.resolve("joblog-shipper"), server.address(), server.secret()));
    tell.line("    --home %s -- COMMAND >job.out 2>job.err".formatted(folder.resolve("home")));
    new CountDownLatch(1).await();
  }
}

package org.joblog.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user sees it, with a shorter job. */
class DemoTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder = Path.of("");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<Exception> failures = new ArrayList<>();

  private Demo demo(int steps) {
    return new Demo(
        ROOT,
        folder,
        Map.of(
            "TRAINING_STEPS", String.valueOf(steps),
            "TRAINING_PAUSE", "0.05",
            // The classes of this build, which is not packaged yet.
            "JOBLOG_SHIPPER_CLASS_PATH", System.getProperty("java.class.path")),
        new Narrator(new PrintStream(said, true, StandardCharsets.UTF_8)));
  }

  private String output() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private void run(int steps) throws Exception {
    try (Closing closing = new Closing(failures::add)) {
      demo(steps).run(closing, false);
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void theWholeWayIsShownAndASecondDemoGoesOnWithTheData() throws Exception {
    run(25);
    String first = output();

    assertThat(first)
        .contains("Loading the data set\n")
        .contains("/LOGCOMMAND {\"mode\":\"disabled\"}\n")
        .contains("{\"step\": 25, \"loss\": ")
        .contains("exit code 0, completed")
        .containsPattern("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  \\{\"step\": ?25,")
        .contains("== loss over step, chosen as X because: ")
        .containsPattern("\\|\\*")
        .contains("SELECT x_key, x, key, value FROM jobs.metadata_by_x('")
        .contains("drawn over themselves 25 times")
        .contains("100%|##############################| 25/25")
        .doesNotContain(" 24/25 [")
        .contains("and in none of the ");

    said.reset();
    run(1);

    assertThat(jobsIn(output())).as("jobs that are listed").hasSize(2).containsAll(jobsIn(first));
    assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
  }

  /** The ids of the jobs in the list that the demo ends with. */
  private static List<String> jobsIn(String output) {
    return Pattern.compile("(?m)^(demo-\\d{4}-\\d{6}) +(?:completed|running)")
        .matcher(output)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void stoppedInTheMiddleItLeavesNothingBehind() throws Exception {
    Closing closing = new Closing(failures::add);
    CompletableFuture<Void> running = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            demo(100_000).run(closing, false);
            running.complete(null);
          } catch (Exception e) {
            running.completeExceptionally(e);
          }
        });
    await().atMost(PATIENCE).until(() -> output().contains("live: "));
    long postmaster =
        Long.parseLong(Files.readAllLines(folder.resolve("data/postmaster.pid")).getFirst());

    closing.close();

    assertThat(running).failsWithin(PATIENCE);
    assertThat(failures).isEmpty();
    assertThat(folder.resolve("data/postmaster.pid")).doesNotExist();
    // A container without init keeps the dead process, but not its program.
    await()
        .atMost(PATIENCE)
        .until(() -> ProcessHandle.of(postmaster).flatMap(p -> p.info().command()).isEmpty());
    assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
        .allMatch(process -> !process.info().commandLine().orElse("").contains("training.sh"));
  }

  @Test
  void twoDemosDoNotShareAFolder() throws Exception {
    try (DemoLock first = DemoLock.take(folder)) {
      assertThat(first.file().isOpen()).isTrue();
      assertThatThrownBy(() -> DemoLock.take(folder).close())
          .hasMessage("another demo is running in " + folder);
    }
    DemoLock.take(folder).close();
  }
}

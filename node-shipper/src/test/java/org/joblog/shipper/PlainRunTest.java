package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command must not notice: that it is wrapped, or that it is not. */
class PlainRunTest {

  /** Which descriptors the command has, seen from outside of its redirections. */
  private static final String OPEN =
      "r=; for f in 0 1 2; do [ -e /proc/$$/fd/$f ] && r=$r$f; done; printf %s \"$r\" >open";

  @RegisterExtension private final Stage stage = new Stage();

  @Test
  void withoutAnOptInFileTheWrapperBecomesTheCommand() throws Exception {
    Wrapped wrapped = stage.wrapped();
    Files.delete(stage.file("home/.logoptin"));
    Wrapped.Running running = wrapped.start("sh", "-c", "echo $$; exit 6");
    Wrapped.Result result = running.await();
    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.out()).asString().isEqualTo(running.pid() + "\n");
    assertThat(stage.peer().connections()).isZero();
  }

  @Test
  void withoutJavaTheCommandRuns() throws Exception {
    Path root = Files.createDirectories(stage.file("root"));
    Path bin = Files.createDirectories(root.resolve("bin"));
    Files.copy(Wrapped.SCRIPT, root.resolve("joblog-shipper"));
    Files.writeString(bin.resolve("find-java.sh"), "find_java() { return 1; }\n");
    Files.writeString(bin.resolve("build.sh"), "");
    Wrapped.Result result =
        stage.shell(root.resolve("joblog-shipper") + stage.words() + "echo out");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).asString().isEqualTo("out\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void withoutAServerTheCommandRuns() throws Exception {
    Wrapped.Result result = Wrapped.optedIn(stage.file("")).sh("echo out; exit 6");
    assertThat(result.exit()).isEqualTo(6);
    assertThat(result.out()).asString().isEqualTo("out\n");
  }

  @Test
  void aWrappedCommandInsideAWrappedCommandIsCapturedOnce() throws Exception {
    String inner = Wrapped.SCRIPT + " run -- echo once";
    Wrapped.Result result =
        stage
            .wrapped()
            .with("JOBLOG_HOME", stage.file("home").toString())
            .with("JOBLOG_SERVER", stage.peer().address())
            .sh(inner);
    assertThat(result.out()).asString().isEqualTo("once\n");
    stage.peer().awaitEnd();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).asString().isEqualTo("once\n");
    assertThat(stage.peer().connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0<&-|12", "1>&-|02", "2>&-|01", "0<&- 1>&- 2>&-|", "1>&- 2>&-|0"})
  void whatIsClosedStaysClosed(String redirectionAndOpen) throws Exception {
    String[] parts = redirectionAndOpen.split("\\|", -1);
    String line = stage.wrapper() + "sh -c '" + OPEN + "; exit 5' " + parts[0];
    Wrapped.Result result = stage.shell(line);
    assertThat(result.exit()).isEqualTo(5);
    assertThat(stage.file("open")).hasContent(parts[1]);
  }

  @Test
  void theCommandHasTheDescriptorsThatItWouldHaveAndNoOthers() throws Exception {
    String command = "sh -c 'for f in /proc/$$/fd/*; do echo ${f##*/}; done; true'";
    String plain = lines("exec 7</dev/null; " + command + " 2>&1");
    String captured = lines("exec 7</dev/null; " + stage.wrapper() + "" + command + " 2>&1");
    assertThat(captured).isEqualTo(plain).contains("7\n");
  }

  @Test
  void theEnvironmentIsTheSameButForOneMark() throws Exception {
    Wrapped wrapped = stage.wrapped().with("JAVA_TOOL_OPTIONS", "-Dx=y").with("ODD", "a=b\nc");
    byte[] out = wrapped.run("env", "-0").out();
    assertThat(new String(out, StandardCharsets.UTF_8).split("\0"))
        .contains("JAVA_TOOL_OPTIONS=-Dx=y", "ODD=a=b\nc")
        .noneMatch(entry -> entry.startsWith("JOBLOG_SAVED_"))
        .anyMatch(entry -> entry.startsWith("SLURM_JOBLOG_CAPTURED="));
  }

  @Test
  void standardInputIsTheCommands() throws Exception {
    assertThat(lines("printf 'a\\nb' | " + stage.wrapper() + "cat")).isEqualTo("a\nb");
  }

  @Test
  void argumentsArriveByteForByte() throws Exception {
    String odd = "\"$(printf 'x\\377\\n y')\" '' \"$(printf '\\303\\274')\"";
    String print = stage.wrapper() + "printf '%s|' " + odd;
    assertThat(lines("LC_ALL=C " + print + " | od -An -tx1"))
        .isEqualToIgnoringWhitespace("78 ff 0a 20 79 7c 7c c3 bc 7c");
  }

  @Test
  void whatIsLeftInTheBackgroundKeepsItsOutputAndHoldsNobodyUp() throws Exception {
    String script = "(while [ ! -e go ]; do sleep 0.05; done; echo late) & echo early; exit 3";
    Wrapped.Result result = stage.wrapped().option("--linger", "0").sh(script);
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.out()).asString().isEqualTo("early\n");
    stage.peer().awaitEnd();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).asString().isEqualTo("early\n");
    Files.createFile(stage.file("go"));
    await()
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(stage.out()).content().isEqualTo("early\nlate\n"));
  }

  @Test
  void whatIsLeftInTheBackgroundIsStillShippedForAMoment() throws Exception {
    Wrapped.Result result = stage.wrapped().option("--linger", "20").sh("(sleep 0.3; echo late) &");
    assertThat(result.out()).asString().isEqualTo("late\n");
    stage.peer().awaitEnd();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).asString().isEqualTo("late\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--bogus", "--server nowhere", "--task -1"})
  void anOptionThatIsWrongIsSaidBeforeAnythingRuns(String option) throws Exception {
    Wrapped.Result result = stage.wrapped().option(option.split(" ")).sh("echo out");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).asString().contains("expected: ");
  }

  /** What a shell's line prints. */
  private String lines(String line) throws IOException, InterruptedException {
    return new String(stage.shell(line).out(), StandardCharsets.UTF_8);
  }
}

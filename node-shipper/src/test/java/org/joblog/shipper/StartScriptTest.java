package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the script does before there is a Java program, on an installation of which the jars are
 * missing.
 */
class StartScriptTest {

  @TempDir private Path folder;

  @BeforeEach
  void install() throws IOException {
    Files.copy(Wrapped.SCRIPT, folder.resolve("joblog-shipper"));
    Path bin = Files.createDirectory(folder.resolve("bin"));
    try (Stream<Path> parts = Files.list(Wrapped.SCRIPT.resolveSibling("bin"))) {
      for (Path part : parts.toList()) {
        Files.copy(part, bin.resolve(part.getFileName()));
      }
    }
  }

  @Test
  void whatStandsInTheFileOfStandardErrorStaysThere() throws Exception {
    for (String options : List.of("run --verbose -- true", "agent --check", "run -- true")) {
      Files.writeString(folder.resolve("log"), "before\n");
      Wrapped.optedIn(folder)
          .with("JOBLOG_SHIPPER_CLASS_PATH", "")
          .with("JOBLOG_HOME", folder.resolve("home").toString())
          .start(List.of("sh", "-c", "./joblog-shipper " + options + " 2>>log"), folder)
          .await();
      assertThat(folder.resolve("log")).as(options).content().startsWith("before\n");
    }
  }
}

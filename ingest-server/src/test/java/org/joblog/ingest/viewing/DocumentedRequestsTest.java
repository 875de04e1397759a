package org.joblog.ingest.viewing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The requests for jobs and their arguments are those of {@code docs/viewing.md}. */
class DocumentedRequestsTest {

  private static final Path PAGE = Path.of("../docs/viewing.md");
  private static final Pattern REQUEST =
      Pattern.compile("(?m)^\\| `GET (/v1/(?:jobs|compare)\\S*)` \\|([^|]*)\\|");
  private static final Pattern EXAMPLES = Pattern.compile("\\([^)]*\\)");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final int REQUESTS = 14;

  private static ViewingRig rig;
  private static String operator;

  @BeforeAll
  static void start() throws Exception {
    rig = new ViewingRig(ViewingLimits.DEFAULT);
    rig.job("1", "ada");
    operator = rig.tokenOf("root");
  }

  @AfterAll
  static void close() {
    rig.close();
  }

  static Stream<Arguments> requests() throws IOException {
    List<Arguments> requests =
        REQUEST
            .matcher(Files.readString(PAGE))
            .results()
            .map(row -> Arguments.of(row.group(1), names(row.group(2))))
            .toList();
    assertThat(requests).hasSize(REQUESTS);
    return requests.stream();
  }

  private static String names(String arguments) {
    return NAME.matcher(EXAMPLES.matcher(arguments).replaceAll(""))
        .results()
        .map((MatchResult name) -> name.group(1))
        .filter(name -> !name.equals("job"))
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void eachIsAnsweredAndTakesTheArgumentsThatItSays(String request, String arguments)
      throws Exception {
    String path = request.replace("{job}", "1") + (request.endsWith("compare") ? "?job=1" : "");
    String needed =
        request.endsWith("compare")
            ? "&key=loss"
            : request.endsWith("lines") ? "?stream_key=1" : "";
    HttpResponse<String> answer = rig.get(path + needed, operator);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);

    HttpResponse<String> wrong =
        rig.get(path + (path.contains("?") ? "&" : "?") + "colour=1", operator);
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body())
        .contains(
            "colour: unknown argument (expected: "
                + (arguments.isEmpty() ? "none" : arguments)
                + ")");
  }
}

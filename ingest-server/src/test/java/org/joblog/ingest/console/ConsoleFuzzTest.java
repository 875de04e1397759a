package org.joblog.ingest.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import org.joblog.schema.log.LineKind;
import org.jspecify.annotations.Nullable;

/** Any bytes: rows are printable UTF-8, and the same by single bytes as at once. */
class ConsoleFuzzTest {

  @FuzzTest(maxDuration = "60s")
  void anyBytesBecomePrintableRows(byte[] bytes) {
    List<String> whole = render(bytes, Math.max(1, bytes.length));
    assertThat(render(bytes, 1)).isEqualTo(whole);
    for (String row : whole) {
      assertThat(row.codePoints().noneMatch(c -> c < ' ' || (c >= 0x7F && c < 0xA0))).isTrue();
    }
  }

  private static List<String> render(byte[] bytes, int chunk) {
    List<String> rows = new ArrayList<>();
    Console console =
        new Console(
            ConsoleLimits.DEFAULTS,
            new Console.Outlet() {
              @Override
              public LineKind completed(Row row, @Nullable Segment segment) {
                return LineKind.TEXT;
              }

              @Override
              public void finished(Row row) {
                rows.add(row.text());
              }
            });
    for (int from = 0; from < bytes.length; from += chunk) {
      console.push(bytes, from, Math.min(bytes.length, from + chunk), 1);
    }
    console.end(1);
    return rows;
  }
}

package org.joblog.ingest.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.StringJoiner;
import java.util.stream.Stream;
import org.joblog.ingest.console.ConsoleLimits;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every case of cases.tsv, for every way to cut its bytes in two and by single bytes. */
class RenderCasesTest {

  /** The height of the terminal that the cases were taken from. */
  private static final ConsoleLimits LIMITS = ConsoleLimits.DEFAULTS.withWindowRows(50);

  @TestFactory
  Stream<DynamicTest> aCaseIsRenderedTheSameForEveryCut() {
    return Cases.all().stream()
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> holdsForEveryCut(each)));
  }

  private static void holdsForEveryCut(Cases.Case each) {
    byte[] input = each.input();
    assertThat(rendered(each, input.length + 1, 1)).as("byte by byte").isEqualTo(expected(each));
    for (int cut = 0; cut <= input.length; cut++) {
      assertThat(rendered(each, cut, input.length + 1))
          .as("cut at %d", cut)
          .isEqualTo(expected(each));
    }
  }

  private static String expected(Cases.Case each) {
    return each.comparable(each.expected());
  }

  /** Renders with a first chunk of one size and the rest in chunks of another. */
  private static String rendered(Cases.Case each, int first, int then) {
    StringJoiner lines = new StringJoiner("\n");
    Renderer renderer = new Renderer(LIMITS, each.folds(), (line, _) -> lines.add(line.text()));
    byte[] input = each.input();
    int from = 0;
    if (first <= input.length) {
      renderer.push(input, 0, first);
      from = first;
    }
    for (; from < input.length; from += then) {
      renderer.push(input, from, Math.min(input.length, from + then));
    }
    renderer.end();
    return each.comparable(lines.toString());
  }
}

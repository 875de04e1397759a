package org.joblog.workbench.page;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.joblog.workbench.Programs;
import org.joblog.workbench.grafana.Checkout;

/**
 * A browser without a window, driven through src/test/node/browser.mjs. Commands wait until what
 * they name is there, for at most a minute. Confined to one thread.
 */
final class Browser implements AutoCloseable {

  private static final int END_SECONDS = 20;

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private Browser(Process process) {
    this.process = process;
    commands = process.outputWriter(StandardCharsets.US_ASCII);
    answers = process.inputReader(StandardCharsets.US_ASCII);
  }

  /**
   * Starts one.
   *
   * @param downloads where it puts what it downloads
   */
  static Browser start(Path downloads) throws IOException {
    List<String> command =
        List.of(
            Programs.node().toString(),
            Checkout.path("workbench/src/test/node/browser.mjs").toString(),
            Programs.nodeLibraries().toString(),
            Programs.chromium().toString(),
            downloads.toString());
    return new Browser(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  void open(String url) {
    tell("open", url);
  }

  /** To another view of the page, by its address. */
  void go(String fragment) {
    evaluate("location.hash = " + quoted(fragment));
  }

  void reload() {
    tell("reload");
  }

  void click(String selector) {
    tell("click", selector);
  }

  void controlClick(String selector) {
    tell("controlClick", selector);
  }

  void hover(String selector) {
    tell("hover", selector);
  }

  void type(String selector, String text) {
    tell("type", selector, text);
  }

  void press(String key) {
    tell("press", key);
  }

  void choose(String list, String value) {
    tell("choose", list, value);
  }

  void size(int width, int height) {
    tell("size", Integer.toString(width), Integer.toString(height));
  }

  /** Waits until an expression is true, or something that counts as true, and returns it. */
  String until(String expression) {
    return tell("until", expression);
  }

  /** Waits until an expression is this text: the page works on while it is looked at. */
  void untilIs(String expression, String expected) {
    until("String(" + expression + ") === " + quoted(expected));
  }

  /** Waits until one of the elements shows this text, in the window or where it is scrolled to. */
  void sees(String selector, String text) {
    until(shows(selector, text));
  }

  /** Waits until none of the elements shows this text. */
  void seesNo(String selector, String text) {
    until("!" + shows(selector, text));
  }

  private static String shows(String selector, String text) {
    return "[...document.querySelectorAll(%s)].some(e => e.checkVisibility() && e.textContent.includes(%s))"
        .formatted(quoted(selector), quoted(text));
  }

  String evaluate(String expression) {
    return tell("evaluate", expression);
  }

  /** What the page or the browser complained of since this was last asked. */
  String complaints() {
    return tell("complaints");
  }

  /** Keeps a picture of what is seen. */
  void picture(Path file) {
    tell("picture", file.toString());
  }

  /** Light or dark. */
  void ground(String scheme) {
    tell("ground", scheme);
  }

  /** A text as a literal of JavaScript. */
  static String quoted(String text) {
    return text.chars()
        .mapToObj(c ->
            c < ' ' || c == '"' || c == '\\' || c > '~'
                ? "\\u%04x".formatted(c)
                : Character.toString(c))
        .collect(Collectors.joining("", "\"", "\""));
  }

  private String tell(String... words) {
    String command =
        Stream.of(words)
            .map(word -> URLEncoder.encode(word, StandardCharsets.UTF_8))
            .collect(Collectors.joining(" "));
    try {
      commands.write(command + "\n");
      commands.flush();
      String answer = answers.readLine();
      if (answer == null) {
        throw new AssertionError("the browser is gone, at: " + String.join(" ", words));
      }
      String said =
          URLDecoder.decode(answer.substring(answer.indexOf(' ') + 1), StandardCharsets.UTF_8);
      if (!answer.startsWith("ok ")) {
        throw new AssertionError(String.join(" ", words) + ": " + said + "\n" + seen());
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands on the page, for the report of a failure. */
  private String seen() throws IOException {
    commands.write(
        "evaluate "
            + URLEncoder.encode(
                "location.href + '\\n' + document.body.innerText.slice(0, 3000)",
                StandardCharsets.UTF_8)
            + "\n");
    commands.flush();
    String answer = answers.readLine();
    return answer == null ? "" : URLDecoder.decode(answer, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    commands.close();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

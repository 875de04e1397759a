package org.joblog.ingest.identity;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.joblog.ingest.process.BoundedProcess;

/**
 * Has credentials of MUNGE decoded by its program {@code unmunge}, which checks the cluster's key,
 * the time, and that none comes twice (munge(7), unmunge(1)). Safe for use by many threads.
 */
public final class Munge implements Authenticator {

  /** What a credential must say, so that one that was made for another service opens nothing. */
  public static final String PURPOSE = "joblog viewing";

  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Programs at once: a login is rare and takes milliseconds. */
  private static final int AT_ONCE = 4;

  /** A credential with this purpose has about 150 characters. */
  private static final int MOST_CHARS = 4_096;

  /** What unmunge prints of such a credential: some hundred bytes. */
  private static final int MOST_OUTPUT = 8_192;

  private static final Pattern CREDENTIAL = Pattern.compile("MUNGE:[A-Za-z0-9+/=]+:");
  private static final Pattern OUTPUT =
      Pattern.compile(
          "STATUS: +(?<status>[^\n]*) \\(\\d+\\)\nUID: +(?<account>\\S+) \\(\\d+\\)\n\n(?<text>.*)",
          Pattern.DOTALL);

  /** Exit statuses that tell of the credential and not of munged: EMUNGE_BAD_CRED and on. */
  private static final int FIRST_FAULT = 8;

  private static final int LAST_FAULT = 18;

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final String command;

  /**
   * @param command the program, by name or path
   */
  public Munge(String command) {
    this.command = command;
  }

  @Override
  public String accountOf(String credential) throws NotProven, IOException, InterruptedException {
    if (credential.length() > MOST_CHARS || !CREDENTIAL.matcher(credential).matches()) {
      throw new NotProven("credential: none of MUNGE (expected: what munge prints)");
    }
    if (!places.tryAcquire(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IOException("too many logins at once (expected: at most " + AT_ONCE + ")");
    }
    try {
      return accountIn(decoded(credential));
    } finally {
      places.release();
    }
  }

  private String decoded(String credential) throws NotProven, IOException, InterruptedException {
    ProcessBuilder program = new ProcessBuilder(List.of(command, "--keys=STATUS,UID"));
    program.redirectError(ProcessBuilder.Redirect.DISCARD);
    try (BoundedProcess unmunge = BoundedProcess.start(program, DEADLINE)) {
      try (OutputStream input = unmunge.input()) {
        input.write(credential.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // It has ended already: what it printed and its exit status tell why.
      }
      String output = new String(unmunge.output().readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
      int status = unmunge.exitStatus();
      if (output.isEmpty() && status >= FIRST_FAULT && status <= LAST_FAULT) {
        throw new NotProven("credential: not valid (expected: one of this cluster's munged)");
      }
      return output;
    }
  }

  /** Reads what unmunge printed: two lines about the credential, an empty one, and what it says. */
  private static String accountIn(String output) throws NotProven, IOException {
    Matcher read = OUTPUT.matcher(output);
    if (!read.matches()) {
      throw new IOException("unmunge did not answer (expected: a running munged on this host)");
    }
    if (!read.group("status").equals("Success")) {
      throw new NotProven("credential: " + read.group("status"));
    }
    if (!read.group("text").strip().equals(PURPOSE)) {
      throw new NotProven("credential: made for something else (expected: " + PURPOSE + ")");
    }
    String account = read.group("account");
    if (account.equals("???")) {
      throw new NotProven("credential: of an account that the server's host does not know");
    }
    return account;
  }
}

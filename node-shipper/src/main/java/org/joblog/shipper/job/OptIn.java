package org.joblog.shipper.job;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.joblog.shipper.posix.Account;

/**
 * A user's consent. Immutable.
 *
 * @param uid number of the user
 * @param user name of the user
 * @param file the bytes of {@code .logoptin}
 */
public record OptIn(long uid, String user, byte[] file) {

  /** How long the decision may take before the job starts without capture. */
  private static final Duration DEADLINE = Duration.ofSeconds(2);

  /**
   * The consent of the user whose process this is. The home comes from the password database and
   * not from the environment, which a job may change.
   *
   * @param home where to look instead, if the user has said so
   * @return empty if there is none, or nobody knows in time
   */
  public static Optional<OptIn> ofThisUser(Optional<Path> home) {
    return OptInFile.inTime(DEADLINE, () -> ask(home));
  }

  private static Optional<OptIn> ask(Optional<Path> home) {
    long uid = Account.uidOfThisProcess();
    Optional<Account> account = Account.of(uid);
    String user = account.map(Account::name).orElse("uid-" + uid);
    return home.map(path -> path.toString().getBytes(StandardCharsets.UTF_8))
        .or(() -> account.map(Account::home))
        .flatMap(OptInFile::read)
        .map(file -> new OptIn(uid, user, file));
  }
}

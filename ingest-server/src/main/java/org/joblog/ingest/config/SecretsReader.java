package org.joblog.ingest.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the secrets: in the environment, else in the files that the configuration names. Confined
 * to one thread.
 */
final class SecretsReader {

  private static final String DATABASE = "JOBLOG_DATABASE_PASSWORD";
  private static final String DATABASE_OWNER = "JOBLOG_DATABASE_OWNER_PASSWORD";
  private static final String SHIPPER = "JOBLOG_SECRET";
  private static final String VIEWING = "JOBLOG_VIEWING_DATABASE_PASSWORD";

  /** A secret is a line, not a file of something else. */
  private static final int MAX_BYTES = 4096;

  /** A shorter secret can be guessed by trying. */
  private static final int MIN_SHIPPER_CHARS = 16;

  private final Map<String, String> environment;
  private final List<String> problems;

  /**
   * @param problems where problems are added
   */
  SecretsReader(Map<String, String> environment, List<String> problems) {
    this.environment = environment;
    this.problems = problems;
  }

  Secrets read(ListenConfig listen, DatabaseConfig database, ViewingConfig viewing) {
    Optional<String> shipper = find(SHIPPER, "listen.secret_file", listen.secretFile());
    if (shipper.isPresent() && shipper.get().length() < MIN_SHIPPER_CHARS) {
      problems.add(
          "secret of shippers: %d characters (expected: >= %d)"
              .formatted(shipper.get().length(), MIN_SHIPPER_CHARS));
    }
    return new Secrets(
        find(DATABASE, "database.password_file", database.passwordFile()),
        find(DATABASE_OWNER, "database.owner_password_file", database.ownerPasswordFile()),
        shipper,
        find(VIEWING, "viewing.database_password_file", viewing.databasePasswordFile()));
  }

  private Optional<String> find(String variable, String key, Optional<Path> file) {
    @Nullable String value = environment.get(variable);
    if (value != null && !value.isEmpty()) {
      return Optional.of(value);
    }
    return file.flatMap(path -> readFile(key, path));
  }

  private Optional<String> readFile(String key, Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        problems.add("%s: %s is longer than %d bytes".formatted(key, file, MAX_BYTES));
        return Optional.empty();
      }
      if (isOpenToAll(file)) {
        problems.add(
            "%s: %s is readable for everybody (expected: chmod o-rwx)".formatted(key, file));
        return Optional.empty();
      }
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        problems.add("%s: %s is empty (expected: the secret)".formatted(key, file));
        return Optional.empty();
      }
      return Optional.of(secret);
    } catch (IOException e) {
      problems.add("%s: %s cannot be read: %s".formatted(key, file, e.getClass().getSimpleName()));
      return Optional.empty();
    }
  }

  private static boolean isOpenToAll(Path file) throws IOException {
    try {
      Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
      return rights.contains(PosixFilePermission.OTHERS_READ)
          || rights.contains(PosixFilePermission.OTHERS_WRITE);
    } catch (UnsupportedOperationException e) {
      return false; // a file system without such rights
    }
  }
}

package org.joblog.ingest.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The PostgreSQL database that keeps the jobs. Immutable. */
public record DatabaseConfig(
    @Setting(
            doc =
                "JDBC address of the database, without user and password; see"
                    + " https://jdbc.postgresql.org/documentation/use for sslmode and the like.",
            byDefault = "jdbc:postgresql://localhost:5432/joblog")
        String url,
    @Setting(doc = "Role that the server works as.", byDefault = "joblog_writer") String user,
    @Setting(
            doc = "File that holds its password; JOBLOG_DATABASE_PASSWORD goes before it.",
            byDefault = "none")
        Optional<Path> passwordFile,
    @Setting(
            doc = "Role that joblog migrate works as. The tables belong to it.",
            byDefault = "joblog_owner")
        String ownerUser,
    @Setting(
            doc = "File that holds its password; JOBLOG_DATABASE_OWNER_PASSWORD goes before it.",
            byDefault = "none")
        Optional<Path> ownerPasswordFile,
    @Setting(
            doc = "How long a connection may take to come up before the database counts as away.",
            byDefault = "5s",
            min = "100ms",
            max = "5m")
        Duration connectTimeout,
    @Setting(
            doc =
                "How long the database may work on one statement. A commit that takes longer is"
                    + " given up and tried again.",
            byDefault = "60s",
            min = "1s",
            max = "1h")
        Duration statementTimeout) {

  /** Checks what belongs together. */
  public DatabaseConfig {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException("url: " + url + " (expected: jdbc:postgresql:...)");
    }
    if (url.matches("(?i).*[?&](user|password)=.*")) {
      throw new IllegalArgumentException(
          "url: holds a user or a password (expected: user and password_file)");
    }
  }
}

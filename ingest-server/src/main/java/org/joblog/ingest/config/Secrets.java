package org.joblog.ingest.config;

import java.util.Optional;

/**
 * What must not be printed. Immutable.
 *
 * @param databasePassword password of the role that the server works as
 * @param databaseOwnerPassword password of the role that owns the tables
 * @param shipperSecret what shippers must know
 * @param viewingPassword password of the role that jobs are read as
 */
public record Secrets(
    Optional<String> databasePassword,
    Optional<String> databaseOwnerPassword,
    Optional<String> shipperSecret,
    Optional<String> viewingPassword) {

  /** No secrets at all. */
  public static final Secrets NONE =
      new Secrets(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Which are set, and nothing of what they are. */
  @Override
  public String toString() {
    return "Secrets[databasePassword=%s, databaseOwnerPassword=%s, shipperSecret=%s, viewingPassword=%s]"
        .formatted(
            said(databasePassword),
            said(databaseOwnerPassword),
            said(shipperSecret),
            said(viewingPassword));
  }

  private static String said(Optional<String> secret) {
    return secret.isPresent() ? "set" : "not set";
  }
}

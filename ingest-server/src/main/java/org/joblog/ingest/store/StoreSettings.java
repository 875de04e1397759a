package org.joblog.ingest.store;

/**
 * How to reach the database. Immutable.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}
 * @param user role to connect as
 * @param password its password, empty where the server asks for none; never printed
 * @param limits bounds of the store
 */
public record StoreSettings(String jdbcUrl, String user, String password, StoreLimits limits) {

  /** Settings with the default limits. */
  public StoreSettings(String jdbcUrl, String user, String password) {
    this(jdbcUrl, user, password, StoreLimits.DEFAULT);
  }

  /** The same with other limits. */
  public StoreSettings with(StoreLimits limits) {
    return new StoreSettings(jdbcUrl, user, password, limits);
  }

  /** Everything but the password. */
  @Override
  public String toString() {
    return "StoreSettings[jdbcUrl=" + jdbcUrl + ", user=" + user + ", limits=" + limits + "]";
  }
}

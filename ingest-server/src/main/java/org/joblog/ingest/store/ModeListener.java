package org.joblog.ingest.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.joblog.schema.options.Mode;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of mode changes that any server commits, its own included, on a connection of its own; it
 * connects again when that breaks. One thread ({@code mode-listener}) calls the outlet; {@link
 * #close} may be called from any other.
 */
public final class ModeListener implements AutoCloseable {

  /** Where changes are told, as {@code jobKey mode}. */
  static final String CHANNEL = "joblog_mode";

  private static final Logger LOG = LoggerFactory.getLogger(ModeListener.class);

  /** How long one wait for a notification lasts: bounds how long {@link #close} takes. */
  private static final Duration WAIT = Duration.ofMillis(500);

  /**
   * After so many waits in which nothing was heard the database is asked for a sign of life: a
   * connection that a firewall forgot, or a machine that is gone, says nothing at all, and TCP
   * notices after hours.
   */
  private static final int QUIET_WAITS = 4;

  /** How long that sign may take: longer than a busy database needs for nothing. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  /** Before the next attempt to connect: the promise is a second between servers. */
  private static final Duration RECONNECT = Duration.ofMillis(500);

  /** Where changes go. Called on the listener's thread; must not block it for long. */
  public interface Outlet {

    /** A job's mode is this now. */
    void modeChanged(long jobKey, Mode mode);

    /**
     * The listener is connected (again): changes before this moment may have been missed. Whoever
     * holds jobs reads their modes with {@link PostgresStore#modes}.
     */
    void changesMayBeMissing();
  }

  private final StoreSettings settings;
  private final Outlet outlet;
  private final Thread thread;
  private volatile boolean closed;
  private volatile boolean connected;

  private ModeListener(StoreSettings settings, Outlet outlet) {
    this.settings = settings;
    this.outlet = outlet;
    this.thread = Thread.ofPlatform().name("mode-listener").daemon().unstarted(this::run);
  }

  /** Starts to listen, as soon as the database can be reached. */
  public static ModeListener start(StoreSettings settings, Outlet outlet) {
    ModeListener listener = new ModeListener(settings, outlet);
    listener.thread.start();
    return listener;
  }

  /** Whether the database is there, as far as a connection that waits can tell. */
  public boolean isConnected() {
    return connected;
  }

  private void run() {
    boolean wasConnected = true;
    while (!closed) {
      try (Connection connection = connect()) {
        wasConnected = true;
        connected = true;
        outlet.changesMayBeMissing();
        listen(connection);
      } catch (SQLException e) {
        connected = false;
        if (wasConnected && !closed) {
          LOG.warn("mode changes of other servers cannot be heard: {}", Failure.inWords(e));
        }
        wasConnected = false;
        pause();
      }
    }
  }

  private Connection connect() throws SQLException {
    Connection connection =
        DriverManager.getConnection(settings.jdbcUrl(), Connections.properties(settings));
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void listen(Connection connection) throws SQLException {
    PGConnection notifications = connection.unwrap(PGConnection.class);
    int quiet = 0;
    while (!closed) {
      PGNotification @Nullable [] heard =
          notifications.getNotifications(Math.toIntExact(WAIT.toMillis()));
      if (heard != null && heard.length > 0) {
        quiet = 0;
        for (PGNotification notification : heard) {
          tell(notification.getParameter());
        }
      } else if (++quiet == QUIET_WAITS) {
        quiet = 0;
        demandSignOfLife(connection);
      }
    }
  }

  private static void demandSignOfLife(Connection connection) throws SQLException {
    if (!connection.isValid(Math.toIntExact(SIGN_OF_LIFE.toSeconds()))) {
      throw new SQLException(
          "answer of the database: none (expected: within " + SIGN_OF_LIFE.toSeconds() + " s)",
          "08006");
    }
  }

  private void tell(String message) {
    String[] words = message.split(" ", 2);
    if (words.length == 2 && words[0].matches("[0-9]{1,18}")) {
      Mode.ofWord(words[1]).ifPresent(mode -> outlet.modeChanged(Long.parseLong(words[0]), mode));
    }
  }

  private void pause() {
    try {
      Thread.sleep(RECONNECT);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Stops listening; waits at most a few seconds for the thread. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

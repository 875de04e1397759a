package org.joblog.shipper.relay;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.net.ExtendedSocketOptions;
import org.joblog.shipper.link.Log;

/**
 * The socket that relays connect to, mode 0600. Only processes of one account get in: principals
 * are equal if their numbers are, so a name that changes or cannot be looked up does no harm. Safe
 * for use by many threads.
 */
final class Door implements Closeable {

  /** After a failure that will not pass at once: too many open files, say. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Relays that connect at once; they come again if they find no place. */
  private static final int BACKLOG = 512;

  /** Who takes those that may come in. */
  interface Host {
    /** Takes the channel over; false if there is no place, and the door closes it. */
    boolean enter(SocketChannel channel) throws IOException;
  }

  private final ServerSocketChannel listening;
  private final Path socket;
  private final UserPrincipal user;
  private final Host host;
  private final Log log;

  private Door(ServerSocketChannel listening, Path socket, UserPrincipal user, Host host, Log log) {
    this.listening = listening;
    this.socket = socket;
    this.user = user;
    this.host = host;
    this.log = log;
  }

  /**
   * Opens the door.
   *
   * @param relayUser name or number of the account; empty for this process's own
   * @throws IOException if another process listens there, or the account is not known
   */
  static Door open(Path socket, String relayUser, Host host, Log log) throws IOException {
    if (isAnswered(socket)) {
      throw new IOException(socket + ": somebody listens (expected: no other agent)");
    }
    Path fresh = socket.resolveSibling(socket.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listening.bind(UnixDomainSocketAddress.of(fresh), BACKLOG);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
      UserPrincipal user =
          relayUser.isEmpty()
              ? Files.getOwner(fresh)
              : socket
                  .getFileSystem()
                  .getUserPrincipalLookupService()
                  .lookupPrincipalByName(relayUser);
      // A stale socket of an agent that was killed goes in the same moment.
      Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE);
      Door door = new Door(listening, socket, user, host, log);
      Thread.ofVirtual().name("door").start(door::listen);
      return door;
    } catch (IOException | RuntimeException e) {
      listening.close();
      throw e;
    }
  }

  private static boolean isAnswered(Path socket) throws IOException {
    if (!Files.exists(socket)) {
      return false;
    }
    try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return true;
    } catch (ConnectException e) {
      return false;
    }
  }

  private void listen() {
    while (listening.isOpen()) {
      try {
        welcome(listening.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        sayAndRest(e);
      }
    }
  }

  /** Takes a relay in or closes its channel; what fails here fails for one relay only. */
  private void welcome(SocketChannel channel) throws IOException {
    try {
      if (mayEnter(channel) && host.enter(channel)) {
        return;
      }
    } catch (IOException e) {
      sayAndRest(e);
    }
    channel.close();
  }

  private boolean mayEnter(SocketChannel channel) throws IOException {
    UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    if (peer.equals(user)) {
      return true;
    }
    log.say("a process of " + peer.getName() + " was sent away (expected: " + user + ")");
    return false;
  }

  private void sayAndRest(IOException reason) {
    log.say("a relay could not come in: " + reason.getMessage());
    LockSupport.parkNanos(RETRY_NANOS);
  }

  /** Lets nobody in any more. */
  @Override
  public void close() throws IOException {
    listening.close();
    Files.deleteIfExists(socket);
  }
}

package org.joblog.ingest.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy before the database that breaks connections where a test says: after so many bytes to
 * the server, or when the server answers a COMMIT, which the client then never hears. Safe for use
 * by many threads.
 */
final class CuttingProxy implements AutoCloseable {

  private static final int NEVER = Integer.MAX_VALUE;

  private final ServerSocket listener;
  private final int serverPort;
  private final AtomicInteger bytesToServer = new AtomicInteger(NEVER);
  private volatile boolean swallowCommitAnswer;
  private volatile boolean frozen;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  CuttingProxy(String serverAddress) throws IOException {
    serverPort = Integer.parseInt(serverAddress.substring(serverAddress.lastIndexOf(':') + 1));
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().name("cutting-proxy").daemon().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Once so many more bytes have gone to the server, the connection that sent them breaks. */
  void cutAfter(int bytes) {
    bytesToServer.set(bytes);
  }

  /** All connections break now; what has gone to the server stays there. */
  void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** The answer to the next COMMIT is swallowed, and the connection breaks. */
  void swallowNextCommitAnswer() {
    swallowCommitAnswer = true;
  }

  /** Connections stay open, and nothing passes any more: as if the server's machine were gone. */
  void freeze() {
    frozen = true;
  }

  /** New connections pass again; what came meanwhile is lost. */
  void thaw() throws IOException {
    frozen = false;
    cut();
  }

  boolean hasCut() {
    return bytesToServer.get() == NEVER && !swallowCommitAnswer;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.addAll(List.of(client, server));
        Thread.ofPlatform().daemon().start(() -> pump(client, server, true));
        Thread.ofPlatform().daemon().start(() -> pump(server, client, false));
      }
    } catch (IOException e) {
      // The listener is closed: the test is over.
    }
  }

  private void pump(Socket from, Socket to, boolean toServer) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (frozen) {
          continue;
        }
        int allowed = toServer ? allowance(n) : swallows(buffer, n) ? 0 : n;
        out.write(buffer, 0, allowed);
        out.flush();
        if (allowed < n) {
          return;
        }
      }
    } catch (IOException e) {
      // One side is gone; closing both tells the other.
    }
  }

  private int allowance(int wanted) {
    int before =
        bytesToServer.getAndUpdate(
            left -> left == NEVER ? NEVER : left <= wanted ? NEVER : left - wanted);
    return before == NEVER ? wanted : Math.min(before - 1, wanted);
  }

  /** CommandComplete with the tag COMMIT: 'C', length 11, "COMMIT", 0. */
  private boolean swallows(byte[] buffer, int length) {
    if (!swallowCommitAnswer) {
      return false;
    }
    String answer = new String(buffer, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
    if (answer.contains("C\0\0\0\u000bCOMMIT\0")) {
      swallowCommitAnswer = false;
      return true;
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}

package org.joblog.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy that cuts every connection after a random number of bytes, in whichever direction
 * they flow, in the middle of whatever is under way. Safe for use by many threads.
 */
final class Cutter implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final Random random;
  private final int mostBytes;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cutting = true;

  /**
   * A proxy.
   *
   * @param target port on this machine
   * @param mostBytes that go either way before the cut
   */
  Cutter(int target, long seed, int mostBytes) throws IOException {
    this.target = target;
    this.mostBytes = mostBytes;
    random = new Random(seed);
    listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Cuts all connections now. */
  void cutAll() {
    open.forEach(Cutter::close);
  }

  /** From now on connections live. */
  void stopCutting() {
    cutting = false;
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread.ofVirtual().start(() -> connect(client));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void connect(Socket client) {
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      open.add(client);
      open.add(server);
      int up = bytesToLive();
      int down = bytesToLive();
      Thread.ofVirtual().start(() -> pump(client, server, up));
      Thread.ofVirtual().start(() -> pump(server, client, down));
    } catch (IOException e) {
      close(client);
    }
  }

  private synchronized int bytesToLive() {
    return 1 + random.nextInt(mostBytes);
  }

  private void pump(Socket from, Socket to, int bytesToLive) {
    byte[] buffer = new byte[16 * 1024];
    int left = bytesToLive;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, cutting ? Math.min(n, left) : n);
        left -= n;
        if (cutting && left <= 0) {
          break;
        }
      }
    } catch (IOException e) {
      // One side has gone: the other follows.
    }
    close(from);
    close(to);
    open.remove(from);
    open.remove(to);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cutAll();
  }
}

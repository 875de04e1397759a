package org.joblog.workbench.slurm;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Stands where the agent's socket is and carries each connection on to the server: relay and server
 * speak the same wire. Keeps nothing. Safe for use by many threads.
 */
final class Passage implements AutoCloseable {

  private final ServerSocketChannel listening;
  private final InetSocketAddress server;

  private Passage(ServerSocketChannel listening, InetSocketAddress server) {
    this.listening = listening;
    this.server = server;
  }

  static Passage open(Path socket, InetSocketAddress server) throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket));
    Passage passage = new Passage(listening, server);
    Thread.ofPlatform().daemon().name("passage").start(passage::accept);
    return passage;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel relay = listening.accept();
        try {
          SocketChannel on = SocketChannel.open(server);
          carry(relay, on);
          carry(on, relay);
        } catch (IOException e) {
          relay.close();
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void carry(SocketChannel from, SocketChannel to) {
    Thread.ofPlatform()
        .daemon()
        .name("passage-carry")
        .start(() -> {
          try (from;
              to;
              InputStream in = Channels.newInputStream(from);
              OutputStream out = Channels.newOutputStream(to)) {
            in.transferTo(out);
          } catch (IOException e) {
            // The other side has heard of it by its own connection.
          }
        });
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

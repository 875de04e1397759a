package org.joblog.workbench.relay;

import java.nio.file.Path;
import java.util.List;

/** The two programs that wrap a command and make the same promise. */
enum Wrapper {
  /** The one in Java, which speaks to a server over TCP. */
  SHIPPER {
    @Override
    List<String> words(Peer peer, Path folder) {
      return List.of(
          Path.of("../joblog-shipper").toAbsolutePath().normalize().toString(),
          "run",
          "--server",
          peer.address(),
          "--spool-dir",
          folder.toString());
    }

    @Override
    boolean isLocal() {
      return false;
    }
  },
  /** The one in C, which speaks to an agent on the same node. */
  RELAY {
    @Override
    List<String> words(Peer peer, Path folder) throws Exception {
      return List.of(RelayBuild.relay().toString(), "run", "--socket", peer.address());
    }

    @Override
    boolean isLocal() {
      return true;
    }
  };

  /** The program with the options that say where its peer is. */
  abstract List<String> words(Peer peer, Path folder) throws Exception;

  /** Whether its peer listens on a Unix socket. */
  abstract boolean isLocal();
}

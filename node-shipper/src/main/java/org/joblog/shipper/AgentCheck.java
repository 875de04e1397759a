package org.joblog.shipper;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.joblog.shipper.link.Link;
import org.joblog.shipper.link.Probe;
import org.joblog.shipper.link.ServerAddress;
import org.joblog.shipper.link.Servers;

/**
 * Tries what a running agent would need, and changes nothing: files, folders, the way to the server
 * up to its challenge. Whether the server accepts the secret only a job can tell. Confined to one
 * thread.
 */
final class AgentCheck {

  private final AgentSettings settings;
  private final ServerAccess access;
  private final Duration patience;
  private final List<String> wrong = new ArrayList<>();

  /**
   * A check of these settings.
   *
   * @param patience how long the server may take to say its first word
   */
  AgentCheck(AgentSettings settings, ServerAccess access, Duration patience) {
    this.settings = settings;
    this.access = access;
    this.patience = patience;
  }

  /** What is wrong, a line for each with its key; empty if nothing is. */
  List<String> run() {
    checkSecret();
    checkTls();
    checkFolder("socket", settings.socket().toAbsolutePath().resolveSibling(""));
    checkFolder("spool-dir", settings.stateFolder());
    return List.copyOf(wrong);
  }

  private void checkSecret() {
    settings
        .common()
        .secretFile()
        .ifPresent(file -> {
          try {
            if (access.secret().length == 0) {
              wrong.add("secret-file: " + file + " is empty (expected: the cluster's secret)");
            }
          } catch (IOException e) {
            wrong.add("secret-file: " + file + ": " + reason(e));
          }
        });
  }

  private void checkTls() {
    Settings common = settings.common();
    if (common.certificateFile().isPresent() != common.keyFile().isPresent()) {
      wrong.add("cert-file, key-file: one of them (expected: both, or none)");
    }
    boolean named = common.caFile().isPresent() || common.certificateFile().isPresent();
    if (named && !common.tls()) {
      wrong.add("tls: false (expected: true, where ca-file or cert-file is set)");
    }
    try {
      checkServers(access.transports());
    } catch (IOException e) {
      wrong.add("tls: " + reason(e));
    }
  }

  /** One that answers is enough: of several servers one may be there for the others' failure. */
  private void checkServers(Link.TransportFactory transports) {
    Servers servers = settings.common().server().orElseThrow();
    List<String> silent = new ArrayList<>();
    for (ServerAddress server : servers.addresses()) {
      checkServer(server, transports).ifPresent(silent::add);
    }
    if (silent.size() == servers.addresses().size()) {
      wrong.addAll(silent);
    }
  }

  /** What is wrong with it; empty if nothing is. */
  private Optional<String> checkServer(ServerAddress server, Link.TransportFactory transports) {
    try {
      Probe.reach(server, transports, patience);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(
          "server: "
              + server
              + ": "
              + reason(e)
              + " (expected: a joblog server"
              + (settings.common().tls()
                  ? ", with TLS 1.3 and a certificate for this name)"
                  : ", without TLS)"));
    }
  }

  /** Only a file that is made there tells: rights, a full disk, a file system that cannot write. */
  private void checkFolder(String key, Path folder) {
    try {
      Files.delete(Files.createTempFile(folder, ".joblog-check", ""));
    } catch (IOException e) {
      wrong.add(
          key
              + ": "
              + folder
              + ": "
              + reason(e)
              + " (expected: a folder that this account may write to)");
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}

package org.joblog.ingest.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where people see their own jobs. Immutable. */
public record ViewingConfig(
    @Setting(
            doc =
                "Whether the server shows jobs itself, to the command line and on a page. It needs"
                    + " MUNGE on this host.",
            byDefault = "false")
        boolean enabled,
    @Setting(
            doc = "Address to listen on; 0.0.0.0 or :: for all of the machine.",
            byDefault = "127.0.0.1")
        String address,
    @Setting(
            doc = "TCP port to listen on; 0 lets the system choose one.",
            byDefault = "7472",
            min = "0",
            max = "65535")
        int port,
    @Setting(
            doc =
                "Certificate chain of the server, PEM. With tls_key_file it turns TLS on. Without"
                    + " TLS only a loopback address can be listened on.",
            byDefault = "none")
        Optional<Path> tlsCertificateFile,
    @Setting(doc = "Private key of the certificate, PEM, PKCS#8, no password.", byDefault = "none")
        Optional<Path> tlsKeyFile,
    @Setting(
            doc =
                "Whether a proxy in front speaks TLS to the browsers, over a network that nobody"
                    + " else listens to: any address can be listened on without TLS then.",
            byDefault = "false")
        boolean behindTlsProxy,
    @Setting(
            doc = "Accounts that see the jobs of all; everybody else sees their own.",
            byDefault = "[]")
        List<String> operators,
    @Setting(
            doc = "How long somebody who has logged in need not do it again.",
            byDefault = "12h",
            min = "1m",
            max = "30d")
        Duration session,
    @Setting(doc = "The program of MUNGE that decodes credentials.", byDefault = "unmunge")
        String unmungeCommand,
    @Setting(
            doc = "Role that jobs are read as. It needs no right but to the public interface.",
            byDefault = "joblog_reader")
        String databaseUser,
    @Setting(
            doc = "File that holds its password; JOBLOG_VIEWING_DATABASE_PASSWORD goes before it.",
            byDefault = "none")
        Optional<Path> databasePasswordFile,
    @Setting(
            doc = "Database connections: how many answers are read at once. Others wait.",
            byDefault = "8",
            min = "1",
            max = "64")
        int databaseConnections) {

  /** Checks what belongs together. */
  public ViewingConfig {
    if (tlsCertificateFile.isPresent() != tlsKeyFile.isPresent()) {
      throw new IllegalArgumentException(
          "only one of tls_certificate_file and tls_key_file is set (expected: both or none)");
    }
    operators = List.copyOf(operators);
  }

  /** Whether browsers come by TLS. */
  public boolean isSecure() {
    return tlsCertificateFile.isPresent() || behindTlsProxy;
  }
}

package org.joblog.ingest.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where shippers connect, and who may. Immutable. */
public record ListenConfig(
    @Setting(
            doc = "Address to listen on; 0.0.0.0 or :: for all of the machine.",
            byDefault = "0.0.0.0")
        String address,
    @Setting(
            doc = "TCP port to listen on; 0 lets the system choose one.",
            byDefault = "7470",
            min = "0",
            max = "65535")
        int port,
    @Setting(
            doc = "Names of the clusters whose jobs are taken. An empty list takes any.",
            byDefault = "[]")
        List<String> clusters,
    @Setting(
            doc =
                "File that holds the secret that shippers must know, at least 16 characters, readable"
                    + " for nobody but the server and its group; JOBLOG_SECRET goes before it.",
            byDefault = "none")
        Optional<Path> secretFile,
    @Setting(
            doc =
                "Whether every shipper is believed. Without it the server does not start unless it"
                    + " has a secret, or asks shippers for certificates, or listens on loopback"
                    + " only.",
            byDefault = "false")
        boolean believeAnyone,
    @Setting(
            doc =
                "Certificate chain of the server, PEM. With tls_key_file it turns TLS on; without,"
                    + " output travels in clear.",
            byDefault = "none")
        Optional<Path> tlsCertificateFile,
    @Setting(doc = "Private key of the certificate, PEM, PKCS#8, no password.", byDefault = "none")
        Optional<Path> tlsKeyFile,
    @Setting(
            doc =
                "Certificates, PEM, of those who may sign a shipper's certificate. If set, a"
                    + " shipper without one is refused (mutual TLS).",
            byDefault = "none")
        Optional<Path> tlsClientCaFile) {

  /** Checks what belongs together. */
  public ListenConfig {
    clusters = List.copyOf(clusters);
    if (tlsCertificateFile.isPresent() != tlsKeyFile.isPresent()) {
      throw new IllegalArgumentException(
          "only one of tls_certificate_file and tls_key_file is set (expected: both or none)");
    }
    if (tlsClientCaFile.isPresent() && tlsCertificateFile.isEmpty()) {
      throw new IllegalArgumentException(
          "tls_client_ca_file is set without tls_certificate_file (expected: both)");
    }
  }
}

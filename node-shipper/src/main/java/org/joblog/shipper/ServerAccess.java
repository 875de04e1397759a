package org.joblog.shipper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.joblog.schema.wire.Frame;
import org.joblog.shipper.link.Link;
import org.joblog.shipper.link.LinkLimits;
import org.joblog.shipper.link.Log;
import org.joblog.shipper.link.Source;
import org.joblog.shipper.link.TlsTransports;
import org.joblog.shipper.window.JobWindow;

/**
 * How the server is reached: its address, TLS and the cluster's secret, from the settings.
 * Immutable.
 */
record ServerAccess(Settings settings, Log log) {

  /** The machine's clocks. */
  static final JobWindow.Clock CLOCK =
      new JobWindow.Clock() {
        @Override
        public long micros() {
          return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }
      };

  /**
   * A link that is not running yet. Secret and certificates are read anew, so that they can be
   * changed while an agent runs.
   *
   * @throws IOException if a file cannot be read
   */
  Link link(Frame.Greeting greeting, JobWindow window, LinkLimits limits) throws IOException {
    Source source = new Source(greeting, secret());
    return new Link(settings.server().orElseThrow(), transports(), source, window, limits, log);
  }

  /**
   * How bytes travel.
   *
   * @throws IOException if a file for TLS cannot be read, or is not what it should be
   */
  Link.TransportFactory transports() throws IOException {
    if (!settings.tls()) {
      return Link.TransportFactory.plain();
    }
    Optional<TlsTransports.Identity> shown =
        settings
            .certificateFile()
            .flatMap(file -> settings.keyFile().map(key -> new TlsTransports.Identity(file, key)));
    return new TlsTransports(settings.caFile(), shown);
  }

  /**
   * The cluster's secret; empty where there is none.
   *
   * @throws IOException if it cannot be read
   */
  byte[] secret() throws IOException {
    if (settings.secretFile().isEmpty()) {
      return new byte[0];
    }
    String text = Files.readString(settings.secretFile().get());
    return text.strip().getBytes(StandardCharsets.UTF_8);
  }
}

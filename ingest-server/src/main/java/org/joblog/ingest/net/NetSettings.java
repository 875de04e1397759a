package org.joblog.ingest.net;

import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens and whom it lets in. Immutable.
 *
 * @param address to listen on; port 0 takes a free one
 * @param threads event loops, from 1
 * @param secret of the cluster; empty if none is set
 * @param clusters whose jobs are taken; empty for all
 * @param tls certificate and key, or null for plain TCP
 * @param limits the bounds
 */
public record NetSettings(
    InetSocketAddress address,
    int threads,
    byte[] secret,
    Set<String> clusters,
    @Nullable TlsSettings tls,
    NetLimits limits) {

  public NetSettings {
    clusters = Set.copyOf(clusters);
  }
}

package org.joblog.ingest.viewing;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import org.joblog.ingest.net.TlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * Where people are answered, and who sees what. Immutable.
 *
 * @param address to listen on; port 0 takes a free one
 * @param tls the server's certificate; null for none
 * @param secure whether browsers come by TLS, here or at a proxy in front
 * @param operators accounts that see the jobs of all
 * @param session how long a session is good
 * @param limits the bounds
 */
public record ViewingSettings(
    InetSocketAddress address,
    @Nullable TlsSettings tls,
    boolean secure,
    Set<String> operators,
    Duration session,
    ViewingLimits limits) {}

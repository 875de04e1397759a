package org.joblog.ingest.net;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Files for TLS, all PEM. Immutable.
 *
 * @param certificate the server's certificate chain
 * @param key its private key, unencrypted PKCS#8
 * @param clientAuthority who signs the senders' certificates; null if they need none
 */
public record TlsSettings(Path certificate, Path key, @Nullable Path clientAuthority) {}

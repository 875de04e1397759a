package org.joblog.ingest.config;

import java.time.Duration;

/** Where Prometheus and health checks ask. Immutable. */
public record HttpConfig(
    @Setting(
            doc = "Address to listen on. There is no authentication: keep it inside.",
            byDefault = "127.0.0.1")
        String address,
    @Setting(
            doc = "TCP port to listen on; 0 lets the system choose one.",
            byDefault = "7471",
            min = "0",
            max = "65535")
        int port,
    @Setting(
            doc = "Connections at once. A further one is closed.",
            byDefault = "64",
            min = "1",
            max = "10000")
        int connections,
    @Setting(
            doc = "How long a connection may be silent, also in the middle of a request.",
            byDefault = "30s",
            min = "1s",
            max = "1h")
        Duration idleTimeout,
    @Setting(
            doc =
                "/healthz fails when a received byte waits longer than this for its commit. A"
                    + " database that is away does not make the server ill by itself:"
                    + " choose it longer than a restart of the database takes.",
            byDefault = "10m",
            min = "1s",
            max = "30d")
        Duration oldestUncommitted) {}

package org.joblog.ingest.config;

/** How console output becomes lines. Immutable. */
public record RenderingConfig(
    @Setting(
            doc = "Whether the colours of a line are kept beside its plain text.",
            byDefault = "true")
        boolean colours) {}

package org.joblog.ingest.config;

/** How much one job may print, all its streams together. Immutable. */
public record ThroughputConfig(
    @Setting(
            doc = "Bytes per second that a job may print for long.",
            byDefault = "32MiB",
            min = "1KiB",
            max = "1TiB")
        ByteSize bytesPerSecond,
    @Setting(
            doc = "Bytes that a job may print at once after it has been quiet.",
            byDefault = "256MiB",
            min = "64KiB",
            max = "1TiB")
        ByteSize bytesBurst,
    @Setting(
            doc = "Lines per second that a job may print for long.",
            byDefault = "200000",
            min = "1",
            max = "1000000000")
        int linesPerSecond,
    @Setting(
            doc = "Lines that a job may print at once after it has been quiet.",
            byDefault = "2000000",
            min = "1",
            max = "1000000000")
        int linesBurst) {}

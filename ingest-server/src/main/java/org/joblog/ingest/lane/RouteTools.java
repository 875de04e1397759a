package org.joblog.ingest.lane;

import org.joblog.ingest.command.CommandReader;
import org.joblog.ingest.console.ConsoleLimits;
import org.joblog.ingest.metadata.MetadataLimits;
import org.joblog.ingest.metadata.RecordReader;
import org.joblog.ingest.repeat.FoldLimits;

/**
 * What all routes of a server share. Immutable.
 *
 * @param console bounds of a console
 * @param fold bounds of a fold
 * @param metadata bounds of a job's metadata
 * @param commands reads command lines
 * @param records reads metadata lines
 */
public record RouteTools(
    ConsoleLimits console,
    FoldLimits fold,
    MetadataLimits metadata,
    CommandReader commands,
    RecordReader records) {}

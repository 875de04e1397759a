package org.joblog.ingest.metadata;

/**
 * What is known of all values of one metadata key of a job, kept in O(1) per value. Immutable.
 *
 * @param key dotted key
 * @param count how many values
 * @param allIntegers whether every value was an integer of at most 64 bits
 * @param neverDecreased whether no value was below the one before it
 * @param neverIncreased whether no value was above the one before it
 * @param first first value
 * @param last newest value
 * @param min least value
 * @param max greatest value
 * @param lastSequence sequence number of the record that holds the newest value
 */
public record KeyStatistics(
    String key,
    long count,
    boolean allIntegers,
    boolean neverDecreased,
    boolean neverIncreased,
    double first,
    double last,
    double min,
    double max,
    long lastSequence) {}

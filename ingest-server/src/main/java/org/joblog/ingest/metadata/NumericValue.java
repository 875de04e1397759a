package org.joblog.ingest.metadata;

/**
 * One number of a metadata record. Immutable.
 *
 * @param key dotted key, as in {@code val.acc}
 * @param isInteger whether it is an integer of at most 64 bits, whose exact value {@code integer}
 *     is
 * @param integer the exact value of an integer, else 0
 * @param number the value as a double; finite
 */
public record NumericValue(String key, boolean isInteger, long integer, double number) {}

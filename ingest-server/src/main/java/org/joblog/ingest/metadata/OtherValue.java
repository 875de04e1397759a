package org.joblog.ingest.metadata;

/**
 * A value of a metadata record that no graph can show: a string, a truth value, null, or a number
 * that is not finite. Immutable.
 *
 * @param key dotted key
 * @param text the value as a table shows it, cut to a bound
 * @param isHole whether it is a number that no graph can show: NaN, an infinity, out of range
 */
public record OtherValue(String key, String text, boolean isHole) {}

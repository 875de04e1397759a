package org.joblog.ingest.reading;

/**
 * Who asks. Immutable.
 *
 * @param account name of the account, as jobs carry it
 * @param operator whether jobs of all accounts are shown
 */
public record Visitor(String account, boolean operator) {}

/**
 * Writes batches into PostgreSQL, each in one transaction; the door to JDBC, HikariCP and Flyway.
 */
@NullMarked
package org.joblog.ingest.store;

import org.jspecify.annotations.NullMarked;

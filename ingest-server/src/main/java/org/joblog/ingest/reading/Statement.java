package org.joblog.ingest.reading;

import java.util.List;

/**
 * What PostgreSQL is asked. Immutable.
 *
 * @param sql one statement, with a question mark for each value
 * @param values numbers, texts, times, and arrays of texts
 */
record Statement(String sql, List<Object> values) {

  Statement {
    values = List.copyOf(values);
  }
}

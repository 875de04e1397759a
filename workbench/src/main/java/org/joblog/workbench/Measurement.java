package org.joblog.workbench;

/**
 * What writing so many things cost. Immutable.
 *
 * @param things how many
 * @param seconds how long it took
 * @param diskBytes by how much the table grew, with indexes and what lies outside its rows
 * @param walBytes how much write-ahead log it made
 */
record Measurement(long things, double seconds, long diskBytes, long walBytes) {

  double perSecond() {
    return things / seconds;
  }

  double diskBytesEach() {
    return (double) diskBytes / things;
  }

  double walBytesEach() {
    return (double) walBytes / things;
  }
}

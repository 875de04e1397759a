package org.joblog.workbench;

/**
 * What writing so many things cost. Immutable.
 *
 * @param things how many
 * @param seconds how long it took
 * @param cpuSeconds CPU time of the database's sessions for it
 * @param diskBytes by how much the table grew, with indexes and what lies outside its rows
 * @param walBytes how much write-ahead log it made
 */
record Measurement(long things, double seconds, double cpuSeconds, long diskBytes, long walBytes) {

  double perSecond() {
    return things / seconds;
  }

  double cpuMicrosEach() {
    return cpuSeconds * 1e6 / things;
  }

  double diskBytesEach() {
    return (double) diskBytes / things;
  }

  double walBytesEach() {
    return (double) walBytes / things;
  }
}

package org.joblog.ingest.metadata;

import java.util.List;

/**
 * What a commit has to write of the statistics of a job's keys. Immutable.
 *
 * @param statistics the present statistics of every key that has changed since news were last
 *     settled, each key once
 * @param settled whether they are to be kept for good; else the newest record carries them, and
 *     they come again with the next news
 */
public record KeyNews(List<KeyStatistics> statistics, boolean settled) {

  /** Nothing has changed. */
  public static final KeyNews NONE = new KeyNews(List.of(), false);

  public KeyNews {
    statistics = List.copyOf(statistics);
  }
}

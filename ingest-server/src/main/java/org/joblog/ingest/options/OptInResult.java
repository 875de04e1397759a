package org.joblog.ingest.options;

import java.util.List;
import org.joblog.schema.options.JobOptions;

/**
 * What a .logoptin means. Immutable.
 *
 * @param options the options in force when the job starts
 * @param notices what the user should know about the file, in words, in the order of the file;
 *     empty if all of it was understood
 */
public record OptInResult(JobOptions options, List<String> notices) {

  public OptInResult {
    notices = List.copyOf(notices);
  }
}

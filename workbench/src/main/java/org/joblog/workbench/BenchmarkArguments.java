package org.joblog.workbench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The words {@code [COUNT [HOST:PORT]]} behind a benchmark of the database. Immutable.
 *
 * @param count how many things it writes
 * @param address the server that it takes, or null for one of its own
 */
record BenchmarkArguments(int count, @Nullable String address) {

  /** Reads the words; ends the program with its usage where they are not understood. */
  static BenchmarkArguments of(String[] words, int usualCount, String usage) {
    if (words.length > 0 && !words[0].matches("[1-9][0-9]{0,8}")) {
      boolean help = words[0].equals("--help") || words[0].equals("-h");
      (help ? System.out : System.err).print(usage);
      System.exit(help ? 0 : 2);
    }
    return new BenchmarkArguments(
        words.length > 0 ? Integer.parseInt(words[0]) : usualCount,
        words.length > 1 ? words[1] : null);
  }

  /** The server, with the tables of joblog. */
  BenchmarkDatabase database(Path folder) throws IOException, SQLException {
    return address == null ? BenchmarkDatabase.own(folder) : BenchmarkDatabase.given(address);
  }
}

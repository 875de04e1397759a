package org.joblog.ingest.identity;

import java.io.IOException;

/** Finds out who sent a credential. Safe for use by many threads. */
public interface Authenticator {

  /**
   * The name of the account that made the credential. Blocks, for a bounded time.
   *
   * @throws NotProven if it proves nobody
   * @throws IOException if that cannot be found out now
   */
  String accountOf(String credential) throws NotProven, IOException, InterruptedException;
}

package org.joblog.ingest.lane;

import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;

/**
 * The sender at the other end of a connection, as a lane sees it. Called on the lane's thread; must
 * return at once. Safe for use by many threads.
 */
public interface Peer {

  /** The greeting is accepted. */
  void welcome();

  /** The stream goes on at this offset. */
  void resume(int stream, long offset);

  /** Everything before this offset is committed. */
  void acknowledge(int stream, long offset);

  /** Everything is committed, the end of the job too. */
  void ended();

  /** It must wait. */
  void pause(PauseReason reason);

  /** It may go on. */
  void unpause();

  /** It will not be served; the connection closes. */
  void refuse(RefusalCode code, String message);

  /**
   * What was admitted is no longer held in memory.
   *
   * @param cost bytes, as the frames were admitted with
   */
  void release(long cost);
}

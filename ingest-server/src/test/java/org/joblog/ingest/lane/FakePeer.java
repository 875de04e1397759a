package org.joblog.ingest.lane;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;

/** A sender that remembers what it was told. */
final class FakePeer implements Peer {

  boolean welcomed;
  boolean ended;
  boolean paused;
  int pauses;
  long released;
  final Map<Integer, Long> resumed = new HashMap<>();
  final Map<Integer, Long> acknowledged = new HashMap<>();
  final List<RefusalCode> refusals = new ArrayList<>();

  @Override
  public void welcome() {
    welcomed = true;
  }

  @Override
  public void resume(int stream, long offset) {
    resumed.put(stream, offset);
  }

  @Override
  public void acknowledge(int stream, long offset) {
    acknowledged.put(stream, offset);
  }

  @Override
  public void ended() {
    ended = true;
  }

  @Override
  public void pause(PauseReason reason) {
    paused = true;
    pauses++;
  }

  @Override
  public void unpause() {
    paused = false;
  }

  @Override
  public void refuse(RefusalCode code, String message) {
    refusals.add(code);
  }

  @Override
  public void release(long cost) {
    released += cost;
  }
}

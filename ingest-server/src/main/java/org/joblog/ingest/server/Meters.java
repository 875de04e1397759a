package org.joblog.ingest.server;

import org.joblog.ingest.lane.LaneMeter;
import org.joblog.ingest.metrics.ServerMetrics;
import org.joblog.ingest.metrics.ViewingOutcome;
import org.joblog.ingest.net.NetMeter;
import org.joblog.ingest.viewing.ViewingMeter;
import org.joblog.schema.wire.Frame.PauseReason;
import org.joblog.schema.wire.Frame.RefusalCode;

/**
 * Carries what lane, net and viewing count to the server's metrics. Safe for use by many threads.
 */
record Meters(ServerMetrics metrics) implements LaneMeter, NetMeter, ViewingMeter {

  @Override
  public void committed(CommitFigures figures) {
    metrics.committed(figures.nanos(), figures.bytes(), figures.lines(), figures.records());
  }

  @Override
  public void storeUnavailable() {
    metrics.storeUnavailable();
  }

  @Override
  public void throttled(boolean slowed) {
    metrics.throttled(slowed);
  }

  @Override
  public void streams(int change) {
    metrics.streams(change);
  }

  @Override
  public void jobs(int change) {
    metrics.jobs(change);
  }

  @Override
  public void connections(int change) {
    metrics.connections(change);
  }

  @Override
  public void received(int frameBytes) {
    metrics.receivedFrame(frameBytes);
  }

  @Override
  public void receivedOutput(int bytes) {
    metrics.receivedOutput(bytes);
  }

  @Override
  public void refused(RefusalCode code) {
    metrics.refused(code);
  }

  @Override
  public void answered(int status) {
    metrics.viewed(
        status < 400
            ? ViewingOutcome.SERVED
            : status < 500 ? ViewingOutcome.REFUSED : ViewingOutcome.FAILED);
  }

  @Override
  public void paused(PauseReason reason) {
    metrics.paused(reason);
  }
}

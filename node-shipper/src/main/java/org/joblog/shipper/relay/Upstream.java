package org.joblog.shipper.relay;

import java.io.IOException;
import org.joblog.schema.wire.Frame;
import org.joblog.shipper.link.Link;
import org.joblog.shipper.window.JobWindow;

/** Makes what carries a job on: its window, and the link to the server. */
public interface Upstream {

  /** An empty window. */
  JobWindow window();

  /**
   * A link that is not running yet.
   *
   * @param greeting who the job is, without a proof
   */
  Link link(Frame.Greeting greeting, JobWindow window) throws IOException;
}

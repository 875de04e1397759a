package org.joblog.shipper.link;

/** Where the shipper tells an operator what it does; never the job's own output. */
@FunctionalInterface
public interface Log {

  /** One line, without the job's text. */
  void say(String line);
}

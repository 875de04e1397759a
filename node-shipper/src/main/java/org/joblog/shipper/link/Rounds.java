package org.joblog.shipper.link;

/**
 * Which of the servers is tried: one that works is kept, one that fails makes way for the next.
 * Confined to the link's thread.
 */
final class Rounds {

  private final Servers servers;
  private int at;
  private int failed;

  Rounds(Servers servers) {
    this.servers = servers;
  }

  /** The one to try. */
  ServerAddress present() {
    return servers.addresses().get(at);
  }

  /**
   * The present one has failed; the next is tried.
   *
   * @return whether all have failed, one after the other
   */
  boolean leave() {
    int all = servers.addresses().size();
    at = (at + 1) % all;
    failed = (failed + 1) % all;
    return failed == 0;
  }

  /** The present one works: its failure will be the first again. */
  void keep() {
    failed = 0;
  }
}

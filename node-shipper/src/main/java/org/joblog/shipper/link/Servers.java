package org.joblog.shipper.link;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The addresses of one server, or of several on one database, in the order in which they are tried.
 * Immutable.
 *
 * @param addresses 1 to {@value #MOST}
 */
public record Servers(List<ServerAddress> addresses) {

  /** As many as somebody writes by hand; a round through dead ones takes 10 s each. */
  static final int MOST = 8;

  public Servers {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty() || addresses.size() > MOST) {
      throw new IllegalArgumentException(
          "server: " + addresses.size() + " addresses (expected: 1 to " + MOST + ")");
    }
  }

  /**
   * Reads {@code HOST:PORT}, or several of them separated by commas.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Servers parse(String text) {
    return new Servers(
        Arrays.stream(text.split(",", -1)).map(String::strip).map(ServerAddress::parse).toList());
  }

  @Override
  public String toString() {
    return addresses.stream().map(ServerAddress::toString).collect(Collectors.joining(","));
  }
}

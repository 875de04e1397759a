package org.joblog.shipper.link;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where the server listens. Immutable.
 *
 * @param host name or numeric address
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {

  /**
   * Reads {@code HOST:PORT}; a numeric IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static ServerAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon > 0 ? text.substring(0, colon) : "";
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = "";
    }
    int port = port(text.substring(colon + 1));
    if (host.isEmpty() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "server: " + text + " (expected: HOST:PORT, a port from 1 to 65535)");
    }
    return new ServerAddress(host, port);
  }

  private static int port(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Looks the name up; may take as long as the system's resolver does. */
  InetSocketAddress resolve() throws UnknownHostException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new UnknownHostException("host: " + host + " (expected: a known name)");
    }
    return address;
  }

  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}

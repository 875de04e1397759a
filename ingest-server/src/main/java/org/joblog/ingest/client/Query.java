package org.joblog.ingest.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;

/** The arguments of a request. Confined to one thread. */
public final class Query {

  private final StringJoiner arguments = new StringJoiner("&", "?", "");

  public Query() {
    arguments.setEmptyValue("");
  }

  /** An argument; an empty value is the same as none. */
  public Query with(String name, String value) {
    if (!value.isEmpty()) {
      arguments.add(name + '=' + encoded(value));
    }
    return this;
  }

  /** An argument that has several values. */
  public Query with(String name, List<String> values) {
    values.forEach(value -> with(name, value));
    return this;
  }

  /** A part of a path: a job's name may hold anything. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public String toString() {
    return arguments.toString();
  }
}

package org.joblog.ingest.config;

import java.util.List;

/** A configuration that cannot be used; every problem that was found is named. */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
  }

  /** One sentence for each, in the order of the file. */
  public List<String> problems() {
    return String.valueOf(getMessage()).lines().toList();
  }
}

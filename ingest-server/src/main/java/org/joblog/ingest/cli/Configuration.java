package org.joblog.ingest.cli;

import java.nio.file.Path;
import org.joblog.ingest.config.ConfigException;
import org.joblog.ingest.config.ConfigFile;
import org.joblog.ingest.config.ServerConfig;

/** Reads the configuration that a command line names. */
final class Configuration {

  private Configuration() {}

  /** Reads it with this process's environment; every problem on a line of its own. */
  static ServerConfig of(Path file) throws CommandFailed {
    try {
      return ConfigFile.read(file, System.getenv());
    } catch (ConfigException e) {
      throw new CommandFailed(
          Joblog.WRONG_USE, file + " cannot be used:\n  " + String.join("\n  ", e.problems()));
    }
  }
}

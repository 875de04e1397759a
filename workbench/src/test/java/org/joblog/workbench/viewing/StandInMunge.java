package org.joblog.workbench.viewing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/** Programs that speak as munge and unmunge do, for credentials that simply name an account. */
public final class StandInMunge {

  private StandInMunge() {}

  /** What somebody sends to prove that they are an account. */
  public static String credential(String account) {
    byte[] name = account.getBytes(StandardCharsets.UTF_8);
    return "MUNGE:" + Base64.getEncoder().encodeToString(name) + ":";
  }

  /**
   * The program that decodes such credentials.
   *
   * @param folder where it is written
   */
  public static Path unmunge(Path folder) throws IOException {
    return program(
        folder.resolve("unmunge"),
        """
        #!/bin/sh
        account=$(sed 's/^MUNGE://; s/:$//' | base64 -d)
        printf 'STATUS:          Success (0)\\nUID:             %s (1000)\\n\\njoblog viewing' "$account"
        """);
  }

  /**
   * The program that makes credentials of one account.
   *
   * @param folder where it is written
   */
  public static Path munge(Path folder, String account) throws IOException {
    String script = "#!/bin/sh\ncat >/dev/null\necho '%s'\n".formatted(credential(account));
    return program(folder.resolve("munge"), script);
  }

  private static Path program(Path file, String script) throws IOException {
    Files.writeString(file, script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}

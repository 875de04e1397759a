package org.joblog.workbench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way to the server's page on a machine that has no MUNGE: programs that stand in for {@code
 * munge} and {@code unmunge}, and believe who can read a file of the demo. Immutable.
 *
 * @param unmunge the program
 * @param munge the program that prints what the other believes
 * @param credential what it believes
 */
record DemoPage(Path unmunge, Path munge, String credential) {

  private static final int PASS_BYTES = 24;
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
  private static final Pattern PATH = Pattern.compile("\"path\":\"([^\"]+)\"");

  /**
   * Makes a new one.
   *
   * @param folder where its files are written, for this user only
   */
  static DemoPage prepare(Path folder) throws IOException {
    byte[] random = new byte[PASS_BYTES];
    new SecureRandom().nextBytes(random);
    String credential = "MUNGE:" + HexFormat.of().formatHex(random) + ":";
    write(folder.resolve("page.pass"), "rw-------", credential);
    Path munge =
        write(
            folder.resolve("munge"),
            "rwx------",
            "#!/bin/sh\ncat >/dev/null\nexec cat \"$(dirname \"$0\")/page.pass\"\n");
    String script =
        """
        #!/bin/sh
        # Stands in for MUNGE: who has read the file page.pass is the user whose demo this is.
        credential=$(cat)
        [ "$credential" = "$(cat "$(dirname "$0")/page.pass")" ] || exit 14
        printf 'STATUS:          Success (0)\\nUID:             %s (%s)\\n\\njoblog viewing' "$(id -un)" "$(id -u)"
        """;
    Path unmunge = write(folder.resolve("unmunge"), "rwx------", script);
    return new DemoPage(unmunge, munge, credential);
  }

  private static Path write(Path file, String rights, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights)));
    return Files.writeString(file, text);
  }

  /** A link to the page: good once, for two minutes. */
  URI link(URI server) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      String token =
          found(TOKEN, post(client, server.resolve("/v1/session"), "Munge " + credential));
      return server.resolve(
          found(PATH, post(client, server.resolve("/v1/link"), "Bearer " + token)));
    }
  }

  private static String post(HttpClient client, URI uri, String authorization)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", authorization)
            .POST(BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the page: " + answer.statusCode() + " " + answer.body().strip());
    }
    return answer.body();
  }

  private static String found(Pattern pattern, String answer) throws IOException {
    Matcher matcher = pattern.matcher(answer);
    if (!matcher.find()) {
      throw new IOException("the page answers something else: " + pattern);
    }
    return matcher.group(1);
  }
}

package org.joblog.workbench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** Shows on a terminal what a viewer sees of a job. Confined to one thread. */
final class Showing {

  /** Lines of the log that are shown from its beginning and from its end. */
  private static final int SHOWN = 12;

  private static final int RECORDS = 8;
  private static final int CHART_WIDTH = 64;
  private static final int CHART_HEIGHT = 12;

  /** What is drawn of the metadata of the training program. */
  private static final String KEY = "loss";

  private static final int JOBS = 5;
  private static final int MOST_LINES = 10_000;

  private final Viewer viewer;
  private final Narrator tell;

  Showing(Viewer viewer, Narrator tell) {
    this.viewer = viewer;
    this.tell = tell;
  }

  /**
   * Shows log, events and metadata.
   *
   * @param folder where the job's own files are
   */
  void job(String id, Path folder) throws SQLException, IOException {
    tell.title("stdout of " + id + ", as a viewer sees it");
    elided(viewer.log(id, "stdout", MOST_LINES));

    byte[] bar = Files.readAllBytes(folder.resolve(id + ".err"));
    tell.title(
        "stderr: " + bar.length + " bytes, drawn over themselves " + returns(bar) + " times");
    elided(viewer.log(id, "stderr", MOST_LINES));

    metadata(id);

    tell.title("Events");
    for (List<String> event : viewer.events(id)) {
      tell.text("%-10s %s%n".formatted(event.get(0), event.get(1)));
    }
  }

  private void metadata(String id) throws SQLException {
    tell.title("Metadata, newest first");
    for (List<String> record : viewer.records(id, RECORDS)) {
      tell.text(record.get(0) + "  " + record.get(1) + "\n");
    }
    List<String> x = viewer.chosenX(id);
    if (!x.isEmpty()) {
      tell.title("%s over %s, chosen as X because: %s".formatted(KEY, x.get(0), x.get(1)));
      tell.text(new Chart(CHART_WIDTH, CHART_HEIGHT).draw(viewer.points(id, KEY), x.get(0)));
    }
  }

  /** Tells that the token is in the job's own file and nowhere in the database. */
  void secret(Path file, String token, SecretSearch.Result searched) throws IOException {
    tell.title("The token that the job printed while it was disabled");
    if (!Files.readString(file).contains(token)) {
      throw new IOException("the token " + token + " is not in the job's own " + file);
    }
    if (!searched.found().isEmpty()) {
      throw new IOException("the token " + token + " is in " + searched.found());
    }
    tell.text(
        "%s is in the job's own file, and in none of the %d tables of the database%n"
            .formatted(token, searched.tables()));
  }

  /** Lists the jobs, those of earlier demos too, and tells where to look on. */
  void further(String id, String url) throws SQLException {
    tell.title("Jobs, newest first");
    for (List<String> job : viewer.jobs(JOBS)) {
      tell.text("%-20s %-10s %6s lines %8s bytes%n".formatted(job.toArray()));
    }

    tell.title("Look further (while it runs: --keep)");
    tell.text("psql " + url + "\n");
    tell.text("  SELECT * FROM jobs.job_list(10);\n");
    tell.text("  SELECT time, stream, text FROM jobs.log_lines('" + id + "', newest => 20);\n");
    tell.text("  SELECT time, record FROM jobs.metadata_records('" + id + "', newest => 20);\n");
    tell.text("  SELECT x_key, x, key, value FROM jobs.metadata_by_x('" + id + "');\n");
  }

  private void elided(List<String> lines) {
    int hidden = lines.size() - 2 * SHOWN;
    if (hidden <= 1) {
      lines.forEach(line -> tell.text(line + "\n"));
      return;
    }
    lines.subList(0, SHOWN).forEach(line -> tell.text(line + "\n"));
    tell.text("    ... " + hidden + " more lines ...\n");
    lines.subList(lines.size() - SHOWN, lines.size()).forEach(line -> tell.text(line + "\n"));
  }

  private static int returns(byte[] bytes) {
    int count = 0;
    for (byte b : bytes) {
      count += b == '\r' ? 1 : 0;
    }
    return count;
  }
}

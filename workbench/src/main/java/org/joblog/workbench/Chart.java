package org.joblog.workbench;

import java.util.List;
import java.util.Locale;

/**
 * Draws points in a terminal.
 *
 * <pre>
 *      0.857 |*
 *            | **
 *            |   *****
 *      0.095 |        ***********
 *            +--------------------
 *             1                 60   step
 * </pre>
 *
 * Immutable.
 */
final class Chart {

  private static final int LABEL = 10;

  private final int width;
  private final int height;

  /**
   * @param width columns of the drawing, from 10
   * @param height rows of the drawing, from 2
   */
  Chart(int width, int height) {
    if (width < 10 || height < 2) {
      throw new IllegalArgumentException("chart: " + width + "x" + height + " (expected: >= 10x2)");
    }
    this.width = width;
    this.height = height;
  }

  /** A point; one without finite values is a hole. Immutable. */
  record Point(double x, double y) {

    boolean isFinite() {
      return Double.isFinite(x) && Double.isFinite(y);
    }
  }

  /** From the lowest to the highest value. Immutable. */
  private record Range(double low, double high) {

    /** The cell of a value, from 0; a range of one value is all in the middle. */
    int cell(double value, int cells) {
      return high == low ? cells / 2 : (int) Math.round((value - low) / (high - low) * (cells - 1));
    }
  }

  /** Draws the points; all lines end with LF. Without any finite point it says so. */
  String draw(List<Point> points, String xName) {
    List<Point> drawn = points.stream().filter(Point::isFinite).toList();
    if (drawn.isEmpty()) {
      return "(no points)\n";
    }
    Range across = range(drawn.stream().mapToDouble(Point::x).toArray());
    Range up = range(drawn.stream().mapToDouble(Point::y).toArray());
    boolean[][] cells = new boolean[height][width];
    for (Point point : drawn) {
      cells[height - 1 - up.cell(point.y(), height)][across.cell(point.x(), width)] = true;
    }
    StringBuilder drawing = new StringBuilder();
    for (int row = 0; row < height; row++) {
      String label = row == 0 ? number(up.high()) : row == height - 1 ? number(up.low()) : "";
      drawing.append(String.format(Locale.ROOT, "%" + LABEL + "s |", label));
      drawing.append(rowOf(cells[row]).stripTrailing()).append('\n');
    }
    return drawing.append(foot(across, xName)).toString();
  }

  private static Range range(double[] values) {
    double low = values[0];
    double high = values[0];
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return new Range(low, high);
  }

  private static String rowOf(boolean[] cells) {
    StringBuilder row = new StringBuilder(cells.length);
    for (boolean cell : cells) {
      row.append(cell ? '*' : ' ');
    }
    return row.toString();
  }

  private String foot(Range across, String xName) {
    String left = number(across.low());
    String right = number(across.high());
    int gap = Math.max(1, width - left.length() - right.length());
    return " ".repeat(LABEL + 1)
        + "+"
        + "-".repeat(width)
        + "\n"
        + " ".repeat(LABEL + 2)
        + left
        + " ".repeat(gap)
        + right
        + "   "
        + xName
        + "\n";
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.format(Locale.ROOT, "%d", (long) value)
        : String.format(Locale.ROOT, "%.4g", value);
  }
}

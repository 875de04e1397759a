package org.joblog.workbench.grafana;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Grafana makes of the SQL of a panel before PostgreSQL sees it: first the values of variables
 * (in the browser), then the interval, then macros (in the data source). As the data source's
 * macros.go and Grafana's formatRegistry do it, with their traps. Immutable.
 *
 * @param from begin of the range of time
 * @param to its end
 * @param variables one text, or several where a variable is multi
 */
record GrafanaSql(Instant from, Instant to, Map<String, List<String>> variables) {

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(\\w+)|\\$\\{(\\w+)(?::(\\w+))?}|\\[\\[(\\w+)(?::(\\w+))?]]");

  /** The data source's own expression: whatever looks like a call of a $word is a macro. */
  private static final Pattern MACRO = Pattern.compile("\\$([_a-zA-Z0-9]+)\\(([^)]*)\\)");

  GrafanaSql with(String name, String... values) {
    Map<String, List<String>> more = new HashMap<>(variables);
    more.put(name, List.of(values));
    return new GrafanaSql(from, to, Map.copyOf(more));
  }

  GrafanaSql between(Instant begin, Instant end) {
    return new GrafanaSql(begin, end, variables);
  }

  String expand(String sql) {
    String text = VARIABLE.matcher(sql).replaceAll(match -> quoteReplacement(variable(match)));
    text = text.replace("$__interval_ms", "60000").replace("$__interval", "1m");
    return MACRO.matcher(text).replaceAll(match -> quoteReplacement(macro(match)));
  }

  private static String quoteReplacement(String text) {
    return Matcher.quoteReplacement(text);
  }

  private String variable(MatchResult match) {
    String name = match.group(1) != null ? match.group(1) : match.group(2);
    String format = match.group(3) == null ? "" : match.group(3);
    List<String> values = variables.get(name);
    if (values == null) {
      return match.group();
    }
    return switch (format) {
      case "sqlstring" ->
          values.stream().map(GrafanaSql::sqlString).collect(Collectors.joining(","));
      case "percentencode" -> percentEncode(values);
      default ->
          throw new AssertionError(
              match.group()
                  + ": differs between versions of Grafana (expected: :sqlstring or :percentencode)");
    };
  }

  /** formatRegistry's sqlstring: doubles single quotes, and escapes double ones. */
  private static String sqlString(String value) {
    return "'" + value.replace("'", "''").replace("\"", "\\\"") + "'";
  }

  /** formatRegistry's percentencode; several values would be one text in braces. */
  private static String percentEncode(List<String> values) {
    String text = values.size() == 1 ? values.getFirst() : "{" + String.join(",", values) + "}";
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      boolean kept = b > 0 && (Character.isLetterOrDigit(b) || "-_.~".indexOf(b) >= 0);
      encoded.append(kept ? String.valueOf((char) b) : String.format("%%%02X", b));
    }
    return encoded.toString();
  }

  private String macro(MatchResult match) {
    return switch (match.group(1)) {
      case "__timeFrom" -> "'" + from.truncatedTo(ChronoUnit.MILLIS) + "'";
      case "__timeTo" -> "'" + to.truncatedTo(ChronoUnit.MILLIS) + "'";
      case "__timeFilter" -> match.group(2) + " BETWEEN '" + from + "' AND '" + to + "'";
      default -> throw new AssertionError("unknown macro " + match.group(1));
    };
  }
}

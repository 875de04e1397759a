package org.joblog.ingest.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A call of a function of the SQL interface, whose rows come as JSON. Arguments that are not given
 * have the function's own defaults. Names of arguments come from {@link Question}, never from who
 * asks. Confined to one thread.
 */
final class FunctionCall {

  private final Question question;
  private final StringJoiner arguments = new StringJoiner(", ");
  private final List<Object> values = new ArrayList<>();

  FunctionCall(Question question) {
    this.question = question;
  }

  /** An argument that who asks cannot choose. */
  FunctionCall fixed(Parameter parameter, String... texts) throws WrongArgument {
    arguments.add(parameter.call());
    values.add(parameter.read(List.of(texts)));
    return this;
  }

  /**
   * The arguments that are given.
   *
   * @throws WrongArgument if one is not known to the question, or is no value of its kind
   */
  FunctionCall given(Map<String, List<String>> given) throws WrongArgument {
    for (Map.Entry<String, List<String>> argument : given.entrySet()) {
      Parameter parameter = question.parameter(argument.getKey());
      arguments.add(parameter.call());
      values.add(parameter.read(argument.getValue()));
    }
    return this;
  }

  Statement statement() {
    return new Statement(
        "SELECT row_to_json(r) FROM " + question.function() + "(" + arguments + ") r", values);
  }
}

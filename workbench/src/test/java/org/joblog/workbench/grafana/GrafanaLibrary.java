package org.joblog.workbench.grafana;

import java.util.List;
import org.joblog.workbench.Programs;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Grafana's own code, asked by scripts for Node.js. */
final class GrafanaLibrary {

  private GrafanaLibrary() {}

  /**
   * Runs a script of src/test/node.
   *
   * @param input a tree of maps, lists and values, which the script reads as JSON
   * @return the list that it writes
   */
  static List<Node> run(String script, Object input) throws Exception {
    String said =
        Programs.run(
            List.of(
                Programs.node().toString(),
                Checkout.path("workbench/src/test/node/" + script).toString(),
                Programs.nodeLibraries().toString()),
            Json.write(input));
    return new Node(new Yaml(new SafeConstructor(new LoaderOptions())).load(said)).list();
  }
}

package org.joblog.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house as docs/ARCHITECTURE.md draws it: floors, doors, no cycles. */
class ArchitectureTest {

  /** Bottom to top. A floor may import only floors below it. */
  private static final List<String> FLOORS =
      List.of(
          "process",
          "stream",
          "console",
          "line",
          "command",
          "options",
          "repeat",
          "metadata",
          "render",
          "batch",
          "store",
          "slurm",
          "metrics",
          "lane",
          "net",
          "http",
          "identity",
          "reading",
          "viewing",
          "config",
          "server",
          "client",
          "cli");

  /** Each library enters through the rooms named here and no others. */
  private static final Map<String, List<String>> DOORS =
      Map.of(
          "io.netty..", List.of("net", "http", "viewing"),
          "java.sql..", List.of("store", "reading"),
          "org.postgresql..", List.of("store"),
          "com.zaxxer..", List.of("store", "reading"),
          "org.flywaydb..", List.of("store"),
          "com.fasterxml.jackson..", List.of("metadata", "command", "viewing", "client"),
          "io.micrometer..", List.of("metrics"),
          "org.yaml..", List.of("options", "config"),
          "picocli..", List.of("cli"));

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.joblog.ingest");

  @TestFactory
  Stream<DynamicTest> aFloorImportsOnlyFloorsBelow() {
    return FLOORS.stream()
        .map(floor -> {
          String[] above =
              FLOORS.subList(FLOORS.indexOf(floor) + 1, FLOORS.size()).stream()
                  .map(ArchitectureTest::room)
                  .toArray(String[]::new);
          return DynamicTest.dynamicTest(
              floor,
              () -> {
                if (above.length > 0) {
                  noClasses()
                      .that()
                      .resideInAPackage(room(floor))
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(above)
                      .check(HOUSE);
                }
              });
        });
  }

  @TestFactory
  Stream<DynamicTest> eachLibraryEntersThroughItsDoor() {
    return DOORS.entrySet().stream()
        .map(door ->
            DynamicTest.dynamicTest(
                door.getKey(),
                () ->
                    noClasses()
                        .that()
                        .resideOutsideOfPackages(
                            door.getValue().stream()
                                .map(ArchitectureTest::room)
                                .toArray(String[]::new))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(door.getKey())
                        .check(HOUSE)));
  }

  @Test
  void everyClassLivesInARoomOfTheHouse() {
    classes()
        .should()
        .resideInAnyPackage(FLOORS.stream().map(ArchitectureTest::room).toArray(String[]::new))
        .check(HOUSE);
  }

  @Test
  void roomsFormNoCycles() {
    slices().matching("org.joblog.ingest.(*)..").should().beFreeOfCycles().check(HOUSE);
  }

  private static String room(String floor) {
    return "org.joblog.ingest." + floor + "..";
  }
}

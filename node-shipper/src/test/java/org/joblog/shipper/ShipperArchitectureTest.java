package org.joblog.shipper;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The rooms of the shipper, bottom to top, and the one with native code. */
class ShipperArchitectureTest {

  private static final List<String> FLOORS =
      List.of("posix", "job", "window", "link", "relay", "tee");

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.joblog.shipper");

  @TestFactory
  Stream<DynamicTest> aFloorImportsOnlyFloorsBelow() {
    return FLOORS.stream()
        .map(floor -> {
          String[] above =
              Stream.concat(
                      FLOORS.subList(FLOORS.indexOf(floor) + 1, FLOORS.size()).stream()
                          .map(other -> "org.joblog.shipper." + other),
                      Stream.of("org.joblog.shipper"))
                  .toArray(String[]::new);
          return DynamicTest.dynamicTest(
              floor,
              () ->
                  noClasses()
                      .that()
                      .resideInAPackage("org.joblog.shipper." + floor)
                      .should()
                      .dependOnClassesThat()
                      .resideInAnyPackage(above)
                      .check(HOUSE));
        });
  }

  @Test
  void nativeCallsAreMadeInOneRoom() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.joblog.shipper.posix")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.foreign.Linker")
        .because("native code has one door")
        .check(HOUSE);
  }

  @Test
  void nothingButTheSchemaAndJavaIsUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            "org.joblog.shipper..",
            "org.joblog.schema..",
            "java..",
            "javax..",
            "jdk.net..",
            "org.jspecify.annotations..")
        .check(HOUSE);
  }

  @Test
  void roomsFormNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("org.joblog.shipper.(*)..")
        .should()
        .beFreeOfCycles()
        .check(HOUSE);
  }
}

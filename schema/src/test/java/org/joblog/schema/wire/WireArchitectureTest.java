package org.joblog.schema.wire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The codec must run wherever a Java runtime does: nothing but java.base, and the schema's words.
 */
class WireArchitectureTest {

  private static final JavaClasses ROOM =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.joblog.schema.wire");

  @Test
  void theWireUsesJavaBaseOnly() {
    classes().should().onlyDependOnClassesThat(areOfJavaBaseOrOurOwn()).check(ROOM);
  }

  private static DescribedPredicate<JavaClass> areOfJavaBaseOrOurOwn() {
    return DescribedPredicate.describe(
        "are in java.base, in this package, or words of the log",
        type ->
            type.getPackageName().equals("org.joblog.schema.wire")
                || type.getPackageName().equals("org.joblog.schema.log")
                || type.getPackageName().equals("org.jspecify.annotations")
                || isOfJavaBase(type));
  }

  private static boolean isOfJavaBase(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    return element.isPrimitive()
        || ModuleLayer.boot()
            .findModule("java.base")
            .orElseThrow()
            .getPackages()
            .contains(element.getPackageName());
  }
}

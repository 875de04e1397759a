package org.joblog.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.joblog.schema.log.StreamKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that are not ASCII, in the locales that batch systems and services give to programs. The
 * shell makes them: the locale of whoever runs this test must not matter.
 */
class LocaleTest {

  /** A folder {@code hö}, which has opted in. */
  private static final String FOLDER =
      "d=$(printf 'h\\303\\266'); mkdir -p \"$d\"; echo 'mode: metadata # '$d >\"$d/.logoptin\"; ";

  /** A folder whose name is not UTF-8. */
  private static final String ODD_FOLDER = "d=$(printf 'h\\377'); mkdir -p \"$d\"; ";

  @RegisterExtension private final Stage stage = new Stage();

  private String run(String options) {
    return Wrapped.SCRIPT + " run --server " + stage.peer().address() + " " + options;
  }

  private void assertShipped(Wrapped.Result result, String text) throws Exception {
    assertThat(result.err()).asString().isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.out()).asString(StandardCharsets.UTF_8).isEqualTo(text);
    stage.peer().awaitEnd();
    assertThat(stage.peer().bytes(StreamKind.STDOUT)).isEqualTo(result.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=C", "LC_ALL=POSIX", "LC_ALL=C.UTF-8", "LC_ALL= LANG=C"})
  void aHomeMayHaveAnyNameInAnyLocale(String locale) throws Exception {
    String home = run("--home \"$PWD/$d\"");
    assertShipped(stage.shell(FOLDER + locale + " " + home + " -- printf hi"), "hi");
    assertThat(new String(stage.peer().greeting().optIn(), StandardCharsets.UTF_8))
        .isEqualTo("mode: metadata # h\u00f6\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"JOBLOG_SPOOL_DIR=$PWD/$d", "TMPDIR=$PWD/$d", "JOBLOG_LOG_FILE=$PWD/$d/log"})
  void aVariableMayNameAnyFolder(String variable) throws Exception {
    String line =
        FOLDER + "LC_ALL=C " + variable + " " + run("--home \"$PWD/$d\"") + " -- printf hi";
    assertShipped(stage.shell(line), "hi");
  }

  @Test
  void aTemporaryFolderWhoseNameIsNotTextStopsNoJob() throws Exception {
    String line =
        ODD_FOLDER + "TMPDIR=$PWD/$d " + run("--home " + stage.file("home")) + " -- printf hi";
    stage.wrapped();
    assertShipped(stage.shell(line), "hi");
  }

  @Test
  void aHomeWhoseNameIsNotTextIsSaid() throws Exception {
    String line = ODD_FOLDER + "touch $d/.logoptin; ";
    Wrapped.Result result = stage.shell(line + run("--home \"$PWD/$d\"") + " -- printf hi");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).asString().contains("home: not UTF-8 (expected: a path in UTF-8)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-u LC_ALL", "LC_ALL=", "LC_ALL=C", "LC_ALL=xx", "-u LC_ALL LANG=C"})
  void theCommandKeepsItsLocale(String locale) throws Exception {
    String ask = "sh -c 'env | grep -E \"^(LC_|LANG|JOBLOG_(SAVED|UNSET))\" | sort'";
    String line = "env " + locale + " ";
    byte[] plain = stage.shell(line + ask).out();
    assertShipped(
        stage.shell(line + run("--home " + stage.file("home")) + " -- " + ask),
        new String(plain, StandardCharsets.UTF_8));
  }

  @Test
  void aCommandThatIsNotCapturedKeepsItsLocaleToo() throws Exception {
    String ask = " -- sh -c 'printf %s \"${LC_ALL-unset} $JOBLOG_UNSET_LC_ALL\"'";
    stage.wrapped();
    String line = "unset LC_ALL; " + Wrapped.SCRIPT + " run --home " + stage.file("home") + ask;
    assertThat(stage.shell(line).out()).asString().isEqualTo("unset ");
  }

  @Test
  void theProgramsOwnFolderMayHaveAnyName() throws Exception {
    String root = Wrapped.SCRIPT.getParent().toString();
    String copy =
        FOLDER
            + "cp -r "
            + root
            + "/joblog-shipper "
            + root
            + "/bin $d; IFS=:; n=0; for part in $JOBLOG_SHIPPER_CLASS_PATH; do"
            + " case $part in *test-classes) ;; *classes | *joblog-schema*)"
            + " n=$((n+1)); cp -r $part $d/$n ;; esac; done;"
            + " JOBLOG_SHIPPER_CLASS_PATH=$PWD/$d/1:$PWD/$d/2 LC_ALL=C $d/joblog-shipper"
            + stage.words()
            + "printf hi";
    assertShipped(stage.shell(copy), "hi");
  }
}

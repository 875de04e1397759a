package org.joblog.ingest.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of the answers of unmunge; a real one is asked where a whole cluster is tested. */
class MungeTest {

  private static final String CREDENTIAL = "MUNGE:AwQFAABiK6uEgiLL/9+=:";

  @TempDir private Path folder;

  private Munge answering(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("unmunge"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Munge(program.toString());
  }

  private static String printing(String status, String account, String text) {
    return "printf 'STATUS:          %s\\nUID:             %s\\n\\n%s'"
        .formatted(status, account, text);
  }

  @ParameterizedTest
  @CsvSource({"alice (1000), alice", "root (0), root", "a.b-c_d@x (7), a.b-c_d@x"})
  void theAccountIsWhoMadeTheCredential(String printed, String account) throws Exception {
    Munge munge = answering(printing("Success (0)", printed, "joblog viewing"));

    assertThat(munge.accountOf(CREDENTIAL)).isEqualTo(account);
  }

  @Test
  void theCredentialIsReadFromStandardInputAndIsNoArgument() throws Exception {
    Path seen = folder.resolve("seen");
    String script = "{ cat; echo \" $*\"; } > " + seen + "\n";
    Munge munge = answering(script + printing("Success (0)", "alice (1000)", "joblog viewing"));

    munge.accountOf(CREDENTIAL);
    assertThat(seen).hasContent(CREDENTIAL + " --keys=STATUS,UID");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Replayed credential (17) | alice (1000) | joblog viewing | credential: Replayed credential",
        "Expired credential (15) | alice (1000) | joblog viewing | credential: Expired credential",
        "Success (0) | alice (1000) | slurm | credential: made for something else (expected: joblog viewing)",
        "Success (0) | alice (1000) | joblog viewing\\nUID: root (0) | credential: made for something else (expected: joblog viewing)",
        "Success (0) | ??? (1000) | joblog viewing | credential: of an account that the server's host does not know",
      })
  void aCredentialThatProvesNothingIsRefused(
      String status, String account, String text, String reason) throws Exception {
    Munge munge = answering(printing(status, account, text));

    assertThatExceptionOfType(NotProven.class)
        .isThrownBy(() -> munge.accountOf(CREDENTIAL))
        .withMessage(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MUNGE::", "MUNGE:a b:", "munge:abc:", "MUNGE:abc:\nMUNGE:def:"})
  void whatIsNoCredentialIsNotEvenTried(String credential) throws Exception {
    Munge munge = answering("touch " + folder.resolve("started"));

    assertThatExceptionOfType(NotProven.class)
        .isThrownBy(() -> munge.accountOf(credential))
        .withMessageContaining("expected: what munge prints");
    assertThat(folder.resolve("started")).doesNotExist();
    assertThatExceptionOfType(NotProven.class)
        .isThrownBy(() -> munge.accountOf("MUNGE:" + "a".repeat(5_000) + ":"));
  }

  @Test
  void aCredentialOfAnotherClusterIsNotValid() throws Exception {
    Munge munge = answering("exit 14");

    assertThatExceptionOfType(NotProven.class).isThrownBy(() -> munge.accountOf(CREDENTIAL));
  }

  @Test
  void withoutMungedNobodyCanBeProven() throws Exception {
    Munge away = answering("echo 'unmunge: Error: Failed to access' >&2; exit 6");
    Munge missing = new Munge(folder.resolve("nothing").toString());

    assertThatIOException()
        .isThrownBy(() -> away.accountOf(CREDENTIAL))
        .withMessageContaining("expected: a running munged");
    assertThatIOException().isThrownBy(() -> missing.accountOf(CREDENTIAL));
  }
}

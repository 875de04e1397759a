package org.joblog.ingest.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CsvWriterTest {

  private static String csv(String... records) throws IOException {
    StringWriter out = new StringWriter();
    try (CsvWriter csv = new CsvWriter()) {
      for (int i = 0; i < records.length; i++) {
        csv.add(Row.of("{\"time\":\"t\",\"sequence\":" + i + ",\"record\":" + records[i] + "}"));
      }
      csv.print(new PrintWriter(out));
    }
    return out.toString();
  }

  @Test
  void keysAreColumnsInTheOrderInWhichTheyAppear() throws IOException {
    assertThat(csv("{\"b\":1,\"a\":2}", "{\"c\":3,\"a\":4}", "{}"))
        .isEqualTo("time,sequence,b,a,c\r\nt,0,1,2,\r\nt,1,,4,3\r\nt,2,,,\r\n");
  }

  @Test
  void valuesKeepTheirSpelling() throws IOException {
    assertThat(
            csv("{\"n\":1.50e3,\"big\":9223372036854775807,\"nan\":\"NaN\",\"t\":true,\"z\":null}"))
        .isEqualTo("time,sequence,n,big,nan,t,z\r\nt,0,1.50e3,9223372036854775807,NaN,true,\r\n");
  }

  @Test
  void whatWouldBreakTheTableIsQuoted() throws IOException {
    assertThat(csv("{\"a,b\":\"say \\\"x\\\"\",\"n\":{\"acc\":[1,2]},\"l\":\"one\\ntwo\"}"))
        .isEqualTo(
            "time,sequence,\"a,b\",n,l\r\n"
                + "t,0,\"say \"\"x\"\"\",\"{\"\"acc\"\":[1,2]}\",\"one\ntwo\"\r\n");
  }

  @Test
  void withoutRecordsThereAreTitlesOnly() throws IOException {
    assertThat(csv()).isEqualTo("time,sequence\r\n");
  }
}

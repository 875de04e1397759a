package org.joblog.ingest.viewing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How somebody comes in and goes: by a credential, and by a link into the browser. */
class LoginTest {

  private static final Pattern CODE = Pattern.compile("\"path\":\"/#enter=([^\"]+)\"");

  private ViewingRig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new ViewingRig(ViewingLimits.DEFAULT);
    rig.job("1", "ada");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private String codeFor(String token) throws Exception {
    String answer = rig.send("POST", "/v1/link", "", "Authorization", "Bearer " + token).body();
    Matcher code = CODE.matcher(answer);
    assertThat(code.find()).as(answer).isTrue();
    return code.group(1);
  }

  private static String cookieOf(HttpResponse<String> entered) {
    String set = entered.headers().firstValue("set-cookie").orElse("");
    return set.substring(0, set.indexOf(';'));
  }

  @Test
  void aCredentialBuysASessionThatSaysWhoseItIs() throws Exception {
    HttpResponse<String> answer = rig.login("I am ada");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
    assertThat(answer.body()).contains("\"user\":\"ada\"", "\"operator\":false", "\"token\":\"");
    assertThat(rig.get("/v1/session", rig.tokenOf("root")).body())
        .isEqualTo(
            "{\"user\":\"root\",\"operator\":true,\"expires_at\":\"2026-11-23T00:00:00Z\"}\n");
  }

  @Test
  void aCredentialThatProvesNobodyIsRefusedWithItsReason() throws Exception {
    HttpResponse<String> answer = rig.login("rubbish");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("{\"error\":\"credential: of nobody\"}\n");
    assertThat(rig.send("POST", "/v1/session", "").statusCode()).isEqualTo(401);
  }

  @Test
  void whereNobodyCanBeProvenThatIsSaid() throws Exception {
    rig.identityAway = true;

    assertThat(rig.login("I am ada").statusCode()).isEqualTo(503);
  }

  @Test
  void aSessionEndsWithItsTimeAndWhenItIsEnded() throws Exception {
    String token = rig.tokenOf("ada");
    String other = rig.tokenOf("ada");
    assertThat(
            rig.send("DELETE", "/v1/session", "", "Authorization", "Bearer " + other).statusCode())
        .isEqualTo(204);
    assertThat(rig.get("/v1/jobs", other).statusCode()).isEqualTo(401);

    rig.now = rig.now.plus(Duration.ofHours(12)).minusSeconds(1);
    assertThat(rig.get("/v1/jobs", token).statusCode()).isEqualTo(200);
    rig.now = rig.now.plusSeconds(1);
    assertThat(rig.get("/v1/jobs", token).statusCode()).isEqualTo(401);
  }

  @Test
  void aLinkOpensTheBrowserOnce() throws Exception {
    String code = codeFor(rig.tokenOf("ada"));
    HttpResponse<String> entered = rig.send("POST", "/v1/enter", code + "\n");

    assertThat(entered.statusCode()).isEqualTo(204);
    assertThat(entered.headers().firstValue("set-cookie").orElse(""))
        .startsWith("__Host-joblog=")
        .contains("Path=/", "Secure", "HTTPOnly", "SameSite=Strict");
    assertThat(rig.send("GET", "/v1/jobs", "", "Cookie", cookieOf(entered)).body())
        .contains("\"user\":\"ada\"");
    assertThat(rig.send("POST", "/v1/enter", code).statusCode()).isEqualTo(401);
  }

  @Test
  void aLinkIsGoodForTwoMinutesAndItsSessionEndsWithTheFirst() throws Exception {
    String token = rig.tokenOf("ada");
    String late = codeFor(token);
    rig.now = rig.now.plus(Duration.ofMinutes(2));
    assertThat(rig.send("POST", "/v1/enter", late).statusCode()).isEqualTo(401);

    HttpResponse<String> entered = rig.send("POST", "/v1/enter", codeFor(token));
    rig.now = rig.now.plus(Duration.ofHours(12)).minus(Duration.ofMinutes(2));
    assertThat(rig.send("GET", "/v1/jobs", "", "Cookie", cookieOf(entered)).statusCode())
        .isEqualTo(401);
  }

  @Test
  void anotherSitesPageCannotLetSomebodyIn() throws Exception {
    String code = codeFor(rig.tokenOf("ada"));

    assertThat(rig.send("POST", "/v1/enter", code, "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    assertThat(rig.send("POST", "/v1/enter", code, "Sec-Fetch-Site", "same-origin").statusCode())
        .isEqualTo(204);
  }

  @Test
  void anotherSitesPageCannotUseTheCookie() throws Exception {
    HttpResponse<String> entered = rig.send("POST", "/v1/enter", codeFor(rig.tokenOf("ada")));
    String cookie = cookieOf(entered);

    assertThat(rig.send("POST", "/v1/link", "", "Cookie", cookie).statusCode()).isEqualTo(403);
    assertThat(
            rig.send("DELETE", "/v1/session", "", "Cookie", cookie, "Sec-Fetch-Site", "cross-site")
                .statusCode())
        .isEqualTo(403);
    assertThat(
            rig.send("DELETE", "/v1/session", "", "Cookie", cookie, "Sec-Fetch-Site", "same-origin")
                .headers()
                .firstValue("set-cookie")
                .orElse(""))
        .startsWith("__Host-joblog=;")
        .contains("Max-Age=0");
    assertThat(rig.send("GET", "/v1/jobs", "", "Cookie", cookie).statusCode()).isEqualTo(401);
  }

  @Test
  void theSessionThatAPersonHasNotUsedForLongestGoesFirst() throws Exception {
    String ofBob = rig.tokenOf("bob");
    String used = rig.tokenOf("ada");
    String unused = rig.tokenOf("ada");
    for (int i = 2; i < ViewingLimits.DEFAULT.sessionsPerPerson(); i++) {
      rig.tokenOf("ada");
    }
    assertThat(rig.get("/v1/session", used).statusCode()).isEqualTo(200);
    String last = rig.tokenOf("ada");

    assertThat(rig.get("/v1/session", unused).statusCode()).isEqualTo(401);
    assertThat(rig.get("/v1/session", used).statusCode()).isEqualTo(200);
    assertThat(rig.get("/v1/session", last).statusCode()).isEqualTo(200);
    assertThat(rig.get("/v1/session", ofBob).statusCode()).isEqualTo(200);
  }
}

package dev.serai.connection.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.connection.Renewal.Why;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a provider's no means for an installation, a client and a role: an end, or only later. */
class RefusedRenewalTest {
  private static final String LIMITED =
      "{\"message\":\"You have exceeded a secondary rate limit. Please wait a few minutes.\"}";
  private static final String SUSPENDED = "{\"message\":\"This installation has been suspended\"}";
  private static final String INSTALLATION =
      """
      type: app_install
      token_url: "%s/app/installations/${credentials.installation_id}/access_tokens"
      answer: {error_text: .message, error: .code}
      refresh: {revoked_codes: [gone_for_good], misconfigured_codes: [bad_app]}
      """;
  private static final Credentials.AppInstallation INSTALLED =
      new Credentials.AppInstallation("99", "old", null, Json.object());

  @TempDir Path folder;
  private Modes modes;

  @BeforeEach
  void open() {
    modes = new Modes(folder);
  }

  @AfterEach
  void close() {
    modes.close();
  }

  @Test
  void an_installation_that_is_gone_or_suspended_is_withdrawn() {
    assertThat(installation(404, "{\"message\":\"Not Found\"}")).isEqualTo(Why.REVOKED);
    assertThat(installation(403, SUSPENDED)).isEqualTo(Why.REVOKED);
    assertThat(installation(401, "{\"message\":\"A JSON web token could not be decoded\"}"))
        .isEqualTo(Why.MISCONFIGURED);
  }

  @Test
  void a_rate_limit_ends_no_installation_however_it_is_said() {
    assertThat(installation(403, LIMITED)).isNull();
    assertThat(installation(403, SUSPENDED, "Retry-After", "60")).isNull();
    assertThat(installation(403, SUSPENDED, "X-RateLimit-Remaining", "0")).isNull();
    assertThat(installation(429, SUSPENDED)).isNull();
    assertThat(installation(403, SUSPENDED, "X-RateLimit-Remaining", "17")).isEqualTo(Why.REVOKED);
    assertThat(installation(403, "{\"message\":\"abuse detection mechanism triggered\"}")).isNull();
    assertThat(installation(503, SUSPENDED)).isNull();
    assertThat(installation(404, "<html>Not Found</html>")).isNull();
  }

  @Test
  void what_the_provider_declares_is_believed_before_any_status() {
    assertThat(installation(401, "{\"code\":\"gone_for_good\"}")).isEqualTo(Why.REVOKED);
    assertThat(installation(403, "{\"code\":\"bad_app\"}")).isEqualTo(Why.MISCONFIGURED);
    assertThat(installation(403, "{\"code\":\"gone_for_good\"}", "Retry-After", "9"))
        .isEqualTo(Why.REVOKED);
  }

  @Test
  void a_wrong_clock_blames_no_app() {
    String refused = "{\"message\":\"Bad credentials\"}";

    assertThat(installation(401, refused, "Date", date(Duration.ofMinutes(-11)))).isNull();
    assertThat(installation(401, refused, "Date", date(Duration.ofMinutes(11)))).isNull();
    assertThat(installation(401, refused, "Date", date(Duration.ofSeconds(3))))
        .isEqualTo(Why.MISCONFIGURED);
    assertThat(
            installation(
                401,
                "{\"message\":\"'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires\"}"))
        .isNull();
  }

  @Test
  void a_wrong_clock_withdraws_no_client_with_a_key_and_no_role() {
    String client = "type: oauth2_client\ntoken_url: \"%s/token\"\nclient_auth: ";
    Credentials entered =
        new Credentials.OAuth2Client("cid", "cs", null, "key", "t", null, Json.object());
    String refused = "{\"error\":\"invalid_client\"}";
    String late = date(Duration.ofMinutes(-11));

    assertThat(why(client + "private_key_jwt", entered, 401, refused, "Date", late)).isNull();
    assertThat(why(client + "private_key_jwt", entered, 401, refused)).isEqualTo(Why.REVOKED);
    assertThat(why(client + "basic", entered, 401, refused, "Date", late)).isEqualTo(Why.REVOKED);
    assertThat(why(client + "basic", entered, 429, refused)).isNull();

    String aws = "type: aws_sigv4\nservice: x\nsts_url: \"%s/\"\n";
    Credentials role = Credentials.AwsRole.entered("arn:role/x", "eu-west-1", "ext");
    assertThat(why(aws, role, 403, xml("AccessDenied", "no"))).isEqualTo(Why.REVOKED);
    assertThat(why(aws, role, 403, xml("SignatureDoesNotMatch", "calculated otherwise")))
        .isEqualTo(Why.MISCONFIGURED);
    assertThat(
            why(
                aws,
                role,
                403,
                xml("SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2")))
        .isNull();
  }

  private static String xml(String code, String message) {
    return "<ErrorResponse><Error><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
        .formatted(code, message);
  }

  private static String date(Duration off) {
    Instant at = Modes.NOW.plus(off);
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(at.atOffset(ZoneOffset.UTC));
  }

  private Why installation(int status, String body, String... headers) {
    return why(INSTALLATION, INSTALLED, status, body, headers);
  }

  /** Null: it is only tried again. */
  private Why why(
      String mode, Credentials credentials, int status, String body, String... headers) {
    Headers all = new Headers(List.of());
    for (int i = 0; i < headers.length; i += 2) {
      all = all.with(headers[i], headers[i + 1]);
    }
    HttpAnswer answer = new HttpAnswer(status, all, body.getBytes(StandardCharsets.UTF_8));
    Renewed renewed =
        modes.of(mode).read(Modes.connection(), App.NONE, Grant.of(credentials), answer);
    return renewed instanceof Renewed.Refused refused ? refused.why() : null;
  }
}

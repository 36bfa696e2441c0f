package dev.serai.connection.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.serai.Json;
import dev.serai.connection.App;
import dev.serai.connection.Consent.Begun;
import dev.serai.connection.Consent.Step;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.Granted;
import dev.serai.connection.Renewal.Renewed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flows against a server that somebody else wrote. */
class MockServerTest {
  @TempDir Path folder;
  private final MockOAuth2Server server = new MockOAuth2Server();
  private Modes modes;
  private String issuer = "";

  @BeforeEach
  void start() {
    server.start();
    issuer = "http://127.0.0.1:" + server.getConfig().getHttpServer().port() + "/acme";
    modes = new Modes(folder);
  }

  @AfterEach
  void stop() {
    modes.close();
    server.shutdown();
  }

  @Test
  void a_code_with_its_verifier_becomes_a_token_that_can_be_refreshed() throws Exception {
    AuthModes auth =
        modes.of(
            """
            type: oauth2_code
            authorize_url: ISSUER/authorize
            token_url: ISSUER/token
            scopes: [openid, offline_access]
            """
                .replace("ISSUER", issuer));
    Step step = Modes.step(Modes.APP, Modes.connection());

    Begun begun = auth.begin(step);
    Map<String, String> callback = consent(begun.address());
    Granted granted = auth.finish(step, begun.secrets(), callback);

    assertThat(callback).containsEntry("state", "state-1");
    Credentials.OAuth2 token = (Credentials.OAuth2) granted.credentials();
    assertThat(SignedJWT.parse(token.accessToken()).getJWTClaimsSet().getIssuer())
        .isEqualTo(issuer);
    assertThat(token.expiresAt()).isAfter(Modes.NOW);

    Grant old = Grant.of(token);
    Renewed renewed =
        auth.read(
            Modes.connection(), Modes.APP, old, auth.send(Modes.connection(), Modes.APP, old));
    Credentials.OAuth2 fresh =
        (Credentials.OAuth2) ((Renewed.Fresh) renewed).granted().credentials();
    assertThat(fresh.accessToken()).isNotEqualTo(token.accessToken());
  }

  @Test
  void a_client_gets_a_token_for_itself() throws Exception {
    AuthModes auth =
        modes.of(
            "type: oauth2_client\nclient_auth: basic\ntoken_url: "
                + issuer
                + "/token\nscopes: [a]\n");

    Granted granted =
        auth.obtain(
            Modes.connection(),
            App.NONE,
            Json.object(),
            new Credentials.OAuth2Client("cid", "cs", null, null, "", null, Json.object()));

    String token = ((Credentials.OAuth2Client) granted.credentials()).token();
    assertThat(SignedJWT.parse(token).getJWTClaimsSet().getSubject()).isEqualTo("cid");
  }

  private static Map<String, String> consent(URI address) throws Exception {
    try (HttpClient browser = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          browser.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
      return Modes.query(URI.create(answer.headers().firstValue("location").orElseThrow()));
    }
  }
}

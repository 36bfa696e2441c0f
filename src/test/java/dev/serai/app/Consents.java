package dev.serai.app;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Providers whose customers consent in a browser: an app that is installed, OAuth 2 and OAuth 1.0a.
 * Each believes a request only after it has checked the proof in it by its own means, and knows two
 * apps: ours and a customer's own.
 */
final class Consents implements AutoCloseable {
  static final Map<String, String> APPS =
      Map.of("ours", "secret-of-ours", "own", "secret-of-the-customer");

  final FakeProvider http = new FakeProvider();
  final KeyPair keys = Desks.rsa();
  final String pem = Desks.pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  private final Proofs proofs = new Proofs(http.url());
  private final AtomicInteger made = new AtomicInteger();

  /** What was asked for, by the code that was given for it. */
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  /** The app that a token was given to. */
  private final Map<String, String> owners = new ConcurrentHashMap<>();

  /** Secrets of OAuth 1.0a's tokens; and what browsers that consented bring back. */
  private final Map<String, String> secrets = new ConcurrentHashMap<>(Map.of("", ""));

  private final Map<String, String> callbacks = new ConcurrentHashMap<>();
  private final Set<String> spent = ConcurrentHashMap.newKeySet();
  private final Set<String> installed = ConcurrentHashMap.newKeySet();

  /** Of the workspace that a token is for; empty: tells none. */
  volatile String team = "";

  Consents(Path folder) {
    http.answering(this::answer);
    Desks.write(folder, http.url(), "hub", HUB);
    Desks.write(folder, http.url(), "proven", PROVEN);
    Desks.write(folder, http.url(), "two", TWO.replace("%s", http.url() + "/two"));
    Desks.write(
        folder,
        http.url(),
        "tri",
        TRI.replace("%s", http.url() + "/two").replace("HOME", http.address()));
    Desks.write(folder, http.url(), "one", ONE.replace("%s", http.url() + "/one"));
  }

  private static final String HUB =
      """
      connection_config:
        org: {title: Organisation, description: x, pattern: '[a-z]+', example: acme, required: false}
      auth:
        type: app_install
        token_url: "%s/app/installations/${credentials.installation_id}/access_tokens"
        callback: {org: target}
      """;
  private static final String PROVEN =
      """
      auth:
        type: app_install
        token_url: "%s/app/installations/${credentials.installation_id}/access_tokens"
        prove:
          token_url: "%s/user/token"
          list_url: "%s/user/installations"
          ids: "[for (.installations) .id]"
      """;
  private static final String TWO =
      """
      connection_config:
        region: {title: Region, description: x, pattern: '[a-z]{2}', example: eu, default: eu}
        team: {title: Team, description: x, pattern: 'T[0-9]+', example: T1, required: false}
      auth:
        type: oauth2_code
        authorize_url: "%s/${connection_config.region}/authorize"
        token_url: "%s/${connection_config.region}/token"
        answer: {config: {team: .team}}
      """;

  /** The browser brings back where its tokens are renewed. */
  private static final String TRI =
      """
      connection_config:
        place: {title: Place, description: x, pattern: '[a-z0-9.:-]+', example: eu, default: "HOME"}
      auth:
        type: oauth2_code
        authorize_url: "%s/eu/authorize"
        token_url: "%s/eu/token"
        refresh_url: "http://${connection_config.place}/two/eu/token"
        callback: {place: place}
      """;

  private static final String ONE =
      """
      auth:
        type: oauth1
        request_url: "%s/request"
        authorize_url: "%s/authorize"
        token_url: "%s/access"
      """;

  private Answer answer(Request request) {
    return switch (request.path()) {
      case "/proven/user/token" -> person(request);
      case "/proven/user/installations" ->
          Answer.json(
              bearer(request).equals("person-ann")
                  ? "{\"installations\":[{\"id\":7},{\"id\":99}]}"
                  : "{\"installations\":[{\"id\":100}]}");
      case "/hub/me", "/hub/verify", "/proven/me", "/proven/verify" ->
          me(installed.contains(bearer(request)));
      case "/two/me", "/two/verify", "/tri/me", "/tri/verify" ->
          me(owners.containsKey(bearer(request)));
      case "/one/me", "/one/verify" -> me(signed(request));
      case "/hub/app/installations/99/access_tokens",
          "/proven/app/installations/99/access_tokens" ->
          installation(request);
      case "/two/eu/token", "/two/us/token" -> token(request);
      case "/one/request" -> asked(request);
      case "/one/access" -> exchanged(request);
      default -> Answer.status(404);
    };
  }

  private static Answer me(boolean proven) {
    return proven ? Answer.json("{\"id\":\"acc-1\"}") : Answer.json(401, "{\"error\":\"who?\"}");
  }

  private static String bearer(Request request) {
    return request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
  }

  /** Who came back from an installation, by a code like {@code ann-code-1}, which counts once. */
  private Answer person(Request request) {
    Map<String, String> form = Proofs.form(request.body());
    String code = form.getOrDefault("code", "");
    return APPS.get("ours").equals(form.get("client_secret"))
            && code.contains("-code-")
            && spent.add(code)
        ? Answer.json("{\"access_token\":\"person-%s\"}".formatted(code.split("-")[0]))
        : Answer.json(400, "{\"error\":\"bad_verification_code\"}");
  }

  /** By the app's own signature, which may be good for ten minutes at most. */
  private Answer installation(Request request) {
    try {
      SignedJWT token = SignedJWT.parse(bearer(request));
      JWTClaimsSet claims = token.getJWTClaimsSet();
      Instant end = claims.getExpirationTime().toInstant();
      if (!token.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic()))
          || !"app-1".equals(claims.getIssuer())
          || end.isBefore(Instant.now())
          || end.isAfter(Instant.now().plus(Duration.ofMinutes(10)))) {
        return Answer.json(401, "{\"message\":\"bad signature\"}");
      }
    } catch (java.text.ParseException | com.nimbusds.jose.JOSEException e) {
      return Answer.json(401, "{\"message\":\"no token\"}");
    }
    String token = "hub-" + made.incrementAndGet();
    installed.add(token);
    return Answer.json(
        201,
        "{\"token\":\"%s\",\"expires_at\":\"%s\"}"
            .formatted(token, Instant.now().plusSeconds(3600)));
  }

  /** The customer says yes: what the browser is sent back to. */
  String agreed(String address) {
    Map<String, String> asked = Proofs.form(address.replaceFirst("^[^?]*\\?", ""));
    if (asked.containsKey("oauth_token")) {
      String token = asked.get("oauth_token");
      secrets.put("verifier of " + token, "v" + made.incrementAndGet());
      String back = callbacks.get(token);
      return back
          + (back.contains("?") ? "&" : "?")
          + "oauth_token="
          + token
          + "&oauth_verifier="
          + secrets.get("verifier of " + token);
    }
    String code = "code-" + made.incrementAndGet();
    codes.put(code, asked);
    return asked.get("redirect_uri") + "?code=" + code + "&state=" + asked.get("state");
  }

  /** A refresh token that this app has already; good for one use. */
  String refreshToken(String app) {
    String token = "refresh-" + made.incrementAndGet();
    owners.put(token, app);
    return token;
  }

  boolean good(String refreshToken) {
    return owners.containsKey(refreshToken);
  }

  private Answer token(Request request) {
    Map<String, String> form = Proofs.form(request.body());
    String app = form.getOrDefault("client_id", "");
    if (!APPS.containsKey(app) || !APPS.get(app).equals(form.get("client_secret"))) {
      return Answer.json(401, "{\"error\":\"invalid_client\"}");
    }
    boolean right =
        "refresh_token".equals(form.get("grant_type"))
            ? owners.remove(form.getOrDefault("refresh_token", ""), app)
            : coded(form, app);
    if (!right) {
      return Answer.json(400, "{\"error\":\"invalid_grant\"}");
    }
    String token = "two-" + made.incrementAndGet();
    owners.put(token, app);
    return Answer.json(
        "{\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"expires_in\":3600%s}"
            .formatted(
                token, refreshToken(app), team.isEmpty() ? "" : ",\"team\":\"" + team + "\""));
  }

  /** RFC 6749 §4.1.3 and RFC 7636 §4.6. */
  private boolean coded(Map<String, String> form, String app) {
    Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
    byte[] verifier = form.getOrDefault("code_verifier", "").getBytes(StandardCharsets.US_ASCII);
    return asked != null
        && app.equals(asked.get("client_id"))
        && asked.get("redirect_uri").equals(form.get("redirect_uri"))
        && Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Proofs.digest("SHA-256", verifier))
            .equals(asked.get("code_challenge"));
  }

  private boolean signed(Request request) {
    Map<String, String> given = proofs.oauth1(request, APPS, secrets);
    String token = given.getOrDefault("oauth_token", "");
    return token.startsWith("access-") && given.get("oauth_consumer_key").equals(owners.get(token));
  }

  private Answer asked(Request request) {
    Map<String, String> given = proofs.oauth1(request, APPS, secrets);
    if (!given.containsKey("oauth_callback") || given.containsKey("oauth_token")) {
      return Answer.json(401, "{\"error\":\"bad signature\"}");
    }
    String token = tokenOf(given.get("oauth_consumer_key"), "request-");
    callbacks.put(token, given.get("oauth_callback"));
    return form(token, "&oauth_callback_confirmed=true");
  }

  private Answer exchanged(Request request) {
    Map<String, String> given = proofs.oauth1(request, APPS, secrets);
    String token = given.getOrDefault("oauth_token", "");
    String verifier = secrets.remove("verifier of " + token);
    if (verifier == null
        || !verifier.equals(given.get("oauth_verifier"))
        || !owners.remove(token, given.get("oauth_consumer_key"))) {
      return Answer.json(401, "{\"error\":\"bad verifier\"}");
    }
    return form(tokenOf(given.get("oauth_consumer_key"), "access-"), "");
  }

  private String tokenOf(String app, String kind) {
    String token = kind + made.incrementAndGet();
    owners.put(token, app);
    secrets.put(token, "hidden-" + token);
    return token;
  }

  private Answer form(String token, String more) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    String body = "oauth_token=" + token + "&oauth_token_secret=" + secrets.get(token) + more;
    return new Answer(200, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    http.close();
  }
}

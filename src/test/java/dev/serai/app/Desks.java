package dev.serai.app;

import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.Json;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.FakeProvider.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Providers whose credentials are entered, one for each kind, all at one address. Each believes a
 * request only after it has checked the proof in it by its own means.
 */
final class Desks implements AutoCloseable {
  /** One that asks for no external ID. */
  static final String OPEN_ROLE = "arn:aws:iam::1:role/open";

  static final String ROLE = "arn:aws:iam::1:role/serai";
  private static final String YAML =
      """
      name: %s
      display_name: The %s desk
      base_url: %s
      verify: {path: /verify, account: .id}
      %s
      """;
  private static final String ACTION =
      """
      - route:
          id: %1$s-action-me
          description: Says whose the connection is
          group: %1$s
          from:
            uri: action:%1$s/me
            steps:
              - to:
                  id: %1$s-action-me-ask
                  uri: provider:%1$s
                  parameters: {path: /me}
      """;

  final FakeProvider http = new FakeProvider();

  /** What the role's trust policy asks for. */
  volatile String externalId = "ext-7";

  final KeyPair keys = rsa();
  final String pem = pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  private final Proofs proofs = new Proofs(http.url());
  private final Path folder;
  private final Set<String> tokens = ConcurrentHashMap.newKeySet();
  private final AtomicInteger made = new AtomicInteger();

  Desks(Path folder) {
    this.folder = folder;
    http.answering(this::answer);
    write(
        "key",
        "auth: {type: api_key, in: query, name: key, fields: {apiKey: {title: Key, description: x, pattern: '[a-z-]+'}}}");
    write("pair", "auth: {type: basic}");
    write("moved", MOVED.replace("DEFAULT", http.url() + "/moved"));
    write("gone", GONE);
    write("open", "auth: {type: none}");
    write("wsse", "auth: {type: signature}");
    write("tba", TBA);
    write("jwt", JWT);
    write("steps", STEPS);
    write("client", "auth: {type: oauth2_client, token_url: '%s/token', client_auth: basic}");
    write(
        "signer",
        "auth: {type: oauth2_client, token_url: '%s/token', client_auth: private_key_jwt}");
    write(
        "code",
        "auth: {type: oauth2_code, authorize_url: '%s/authorize', token_url: '%s/token', client_auth: basic, refresh: {margin: 10s}}");
    write(
        "one",
        "auth: {type: oauth1, request_url: '%s/request', authorize_url: '%s/authorize', token_url: '%s/access'}");
    write(
        "inst",
        "auth: {type: app_install, token_url: '%s/installations/${credentials.installation_id}'}");
    write("aws", "auth: {type: aws_sigv4, service: execute-api, sts_url: '%s/sts', lifetime: 15m}");
  }

  /** Each customer has one of his own, with a PIN that goes along. */
  private static final String MOVED =
      """
      base_url: ${connection_config.url}
      headers: {X-Pin: "${connection_config.pin}"}
      connection_config:
        url: {title: Address, description: x, pattern: 'https?://.+', example: 'https://a.example', default: "DEFAULT"}
        pin: {title: PIN, description: x, pattern: '.+', example: '1', required: false, secret: true}
      auth: {type: api_key, in: query, name: key}
      """;

  private static final String GONE =
      """
      auth:
        type: oauth2_client
        token_url: http://127.0.0.1:1/token
      """;
  private static final String TBA =
      """
      connection_config:
        accountId: {title: Account, description: x, pattern: '[0-9A-Z_]+', example: '1'}
      auth: {type: tba, realm: "${connection_config.accountId}"}
      """;
  private static final String JWT =
      """
      auth:
        type: jwt
        algorithm: RS256
        fields:
          privateKeyId: {title: Key ID, description: x, secret: false}
          issuerId: {title: Issuer, description: x, secret: false, pattern: '[a-z0-9-]+'}
          privateKey: {title: Private key, description: x}
        key: ${credentials.privateKey}
        key_id: ${credentials.privateKeyId}
        claims: {iss: "${credentials.issuerId}", aud: desk}
        lifetime: 5m
        refresh: {margin: 10s}
      """;
  private static final String STEPS =
      """
      auth:
        type: two_step
        fields:
          username: {title: User name, description: x, secret: false}
          password: {title: Password, description: x}
        steps:
          - url: %s/login
            body: {user: "${credentials.username}", password: "${credentials.password}"}
            take: {challenge: .challenge.id}
          - url: %s/sessions/${step.challenge}
            headers: {X-Answer: "${step.challenge}!"}
            body: {grant: full}
            body_type: form
        refresh_step: {url: "%s/again", body: {token: "${credentials.refresh_token}"}}
        answer: {token: .session, refresh_token: .renew, expires_in: .ttl}
        send: {name: X-Session}
        refresh: {margin: 10s}
      """;

  private void write(String name, String auth) {
    write(folder, http.url(), name, auth);
  }

  /** A folder of its own, with the one action that every desk has. */
  static void write(Path folder, String url, String name, String auth) {
    String base = url + "/" + name;
    try {
      Path home = Files.createDirectories(folder.resolve(name).resolve("actions")).getParent();
      Files.writeString(home.resolve("provider.yaml"), yaml(name, base, auth.replace("%s", base)));
      Files.writeString(home.resolve("actions/me.camel.yaml"), ACTION.formatted(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What says its own address is not given another. */
  private static String yaml(String name, String base, String auth) {
    String yaml = YAML.formatted(name, name, base, auth);
    return auth.startsWith("base_url:") ? yaml.replace("base_url: " + base + "\n", "") : yaml;
  }

  private Answer answer(Request request) {
    String[] path = request.path().substring(1).split("/", 2);
    return switch (path[1]) {
      case "me", "verify" ->
          proven(path[0], request)
              ? Answer.json("{\"id\":\"acc-1\"}")
              : Answer.json(401, "{\"error\":\"who is it?\"}");
      case "installations/42" -> installation(request);
      case "token" -> token(path[0], request);
      case "login" ->
          request.body().equals("{\"user\":\"ann\",\"password\":\"right-pass\"}")
              ? Answer.json("{\"challenge\":{\"id\":\"c7\"}}")
              : Answer.json(
                  403,
                  "{\"error\":\"no\",\"error_description\":\"not "
                      + request.body().replace("\"", "'")
                      + "\"}");
      case "sessions/c7" ->
          request.body().equals("grant=full") && "c7!".equals(request.headers().get("x-answer"))
              ? session()
              : Answer.status(400);
      case "again" ->
          tokens.remove(Json.parse(request.body()).path("token").asText())
              ? session()
              : Answer.json(401, "{\"error\":\"used\"}");
      case "sts" -> sts(request);
      default -> Answer.status(404);
    };
  }

  private boolean proven(String desk, Request request) {
    String bearer =
        request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
    return switch (desk) {
      case "key", "moved" -> "right-key".equals(request.query().get("key"));
      case "pair" ->
          ("Basic " + Base64.getEncoder().encodeToString("ann:right-pass".getBytes()))
              .equals(request.headers().get("authorization"));
      case "open" -> !request.headers().containsKey("authorization");
      case "wsse" -> proofs.wsse(request, "ann", "right-pass");
      case "tba" -> tba(request);
      case "jwt" -> {
        JWTClaimsSet claims = signed(bearer, "K1");
        yield claims != null
            && "issuer-1".equals(claims.getIssuer())
            && claims.getAudience().contains("desk");
      }
      case "steps" -> tokens.contains(request.headers().getOrDefault("x-session", ""));
      case "client", "signer", "code", "inst" -> tokens.contains(bearer);
      case "one" ->
          !proofs
              .oauth1(request, Map.of("ck", "cs-of-the-app"), Map.of("otok", "right-osecret"))
              .isEmpty();
      case "aws" ->
          "sts-session".equals(request.headers().get("x-amz-security-token"))
              && proofs.aws(request, "ASIA1", "temporary", "eu-central-1", "execute-api");
      default -> false;
    };
  }

  /** By the integration's own app, or the one that the customer brought. */
  private boolean tba(Request request) {
    return !proofs
            .oauth1(
                request,
                Map.of("ck", "cs-of-the-app", "own-ck", "cs-of-the-customer"),
                Map.of("tid", "right-tsecret"))
            .isEmpty()
        && request.headers().get("authorization").contains("realm=\"77_A\"");
  }

  /** To whom proves to be the app. */
  private Answer installation(Request request) {
    JWTClaimsSet claims =
        signed(
            request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", ""), null);
    return claims != null && "app-7".equals(claims.getIssuer())
        ? Answer.json(
            "{\"token\":\"%s\",\"expires_at\":\"%s\"}"
                .formatted(issued(), Instant.now().plusSeconds(600)))
        : Answer.json(401, "{\"message\":\"who signs?\"}");
  }

  /**
   * A refresh token counts once, and only with the app that it belongs to: "own-…" or the other.
   */
  private Answer renewed(Request request, Map<String, String> form) {
    String used = form.getOrDefault("refresh_token", "");
    String app = used.startsWith("own-") ? "own-id:own-secret" : "ci:cs-of-the-app";
    boolean right =
        ("Basic " + Base64.getEncoder().encodeToString(app.getBytes()))
                .equals(request.headers().get("authorization"))
            && "refresh_token".equals(form.get("grant_type"))
            && tokens.remove(used);
    return right
        ? Answer.json(
            "{\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"expires_in\":600}"
                .formatted(issued(), issued(used.startsWith("own-") ? "own-token-" : "token-")))
        : Answer.json(400, "{\"error\":\"invalid_grant\"}");
  }

  private Answer token(String desk, Request request) {
    Map<String, String> form = Proofs.form(request.body());
    if (desk.equals("code")) {
      return renewed(request, form);
    }
    boolean right =
        switch (desk) {
          case "client" ->
              ("Basic " + Base64.getEncoder().encodeToString("cid:right-secret".getBytes()))
                  .equals(request.headers().get("authorization"));
          case "signer" -> {
            JWTClaimsSet claims = signed(form.getOrDefault("client_assertion", ""), null);
            yield claims != null
                && "cid".equals(claims.getSubject())
                && claims.getAudience().contains(http.url() + "/signer/token");
          }
          default -> false;
        };
    return right && "client_credentials".equals(form.get("grant_type"))
        ? Answer.json("{\"access_token\":\"" + issued() + "\",\"expires_in\":600}")
        : Answer.json(401, "{\"error\":\"invalid_client\"}");
  }

  private Answer session() {
    return Answer.json(
        "{\"session\":\"%s\",\"renew\":\"%s\",\"ttl\":600}".formatted(issued(), issued()));
  }

  String issued() {
    return issued("token-");
  }

  /** A token that counts from now on, for a caller as for a refresh. */
  String issued(String prefix) {
    String token = prefix + made.incrementAndGet();
    tokens.add(token);
    return token;
  }

  /** The claims of a token that our key signed and that has not ended; else null. */
  private JWTClaimsSet signed(String text, String keyId) {
    try {
      SignedJWT token = SignedJWT.parse(text);
      JWTClaimsSet claims = token.getJWTClaimsSet();
      boolean good =
          token.verify(new RSASSAVerifier((RSAPublicKey) keys.getPublic()))
              && claims.getExpirationTime().toInstant().isAfter(Instant.now())
              && (keyId == null || keyId.equals(token.getHeader().getKeyID()));
      return good ? claims : null;
    } catch (java.text.ParseException | com.nimbusds.jose.JOSEException e) {
      return null;
    }
  }

  private Answer sts(Request request) {
    Map<String, String> form = Proofs.form(request.body());
    if (!proofs.aws(request, "AKIA1", "long-lived", "us-east-1", "sts")
        || !(OPEN_ROLE.equals(form.get("RoleArn"))
            || (ROLE.equals(form.get("RoleArn")) && externalId.equals(form.get("ExternalId"))))) {
      return xml(
          403,
          "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>");
    }
    return xml(
        200,
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
        <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/serai/serai</Arn></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>temporary</SecretAccessKey>
        <SessionToken>sts-session</SessionToken><Expiration>%s</Expiration></Credentials>
        </AssumeRoleResult></AssumeRoleResponse>
        """
            .formatted(Instant.now().plusSeconds(900)));
  }

  private static Answer xml(int status, String text) {
    return new Answer(status, Map.of("Content-Type", "text/xml"), text.getBytes());
  }

  static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pem(String kind, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(der), kind);
  }

  @Override
  public void close() {
    http.close();
  }
}

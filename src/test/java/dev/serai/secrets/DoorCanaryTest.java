package dev.serai.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.app.Popup;
import dev.serai.connection.connect.FrontDoor;
import dev.serai.outbox.WebhookSigning;
import dev.serai.support.FakeProvider;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * I6 at the doors: everything that customers enter and apps sign with, refused and then accepted by
 * a provider that repeats what it was sent; imports; keys that are made, used and taken away; and
 * the webhook signing key while a new one takes its place.
 */
@Timeout(300)
class DoorCanaryTest {
  /** No spelling of its end differs from any other, so it is known however the rest is escaped. */
  private static final String END = "canary-entered-" + UUID.randomUUID();

  private static final String ENTERED = "canary/+&\"" + END;
  private static final String HMAC_KEY = "canary-hmac-" + UUID.randomUUID();
  private static final KeyPair KEYS = rsa();

  @TempDir Path folder;

  /** Drawn or signed by Serai, so known only afterwards. */
  private final List<String> late = new CopyOnWriteArrayList<>();

  /** The paths that are refused, with everything that was sent quoted. */
  private volatile String refusing = NOTHING;

  private static final String NOTHING = "-";
  private final AtomicInteger turns = new AtomicInteger();
  private CanaryWorld world;

  @Test
  void what_is_entered_signed_and_drawn_leaves_no_trace_but_its_sealed_one() throws Exception {
    Canary canary =
        CanaryWorld.canary()
            .and(ENTERED)
            .and(END)
            .and(END.substring("canary-entered-".length()))
            .and(HMAC_KEY)
            .and(ofPrivateKey());
    try (Eavesdropper logs = new Eavesdropper(canary);
        CanaryWorld opened = new CanaryWorld(folder, this::answer, DoorProviders.FILES)) {
      world = opened;
      live();
      Map<String, String> places = world.places();
      Canary all = canary.and(late);
      System.out.printf(
          "door canary: %,d log events, %,d places (%d webhooks out, %d answers), %d secrets known later%n",
          logs.events(),
          places.size(),
          world.backend.requests().size(),
          world.answers.size(),
          late.stream().distinct().count());
      assertThat(logs.watched())
          .as("routes seen")
          .contains(
              "web-enter-two-step", "web-app-installed", "rest-create-api-key", "webhook-deliver");
      assertThat(late).allMatch(secret -> secret.length() > 20);
      assertThat(CanaryWorld.hits(places, all)).isEmpty();
      assertThat(logs.written()).as("logs").isEmpty();
      assertThat(logs.raw()).as("logs before the redactor").isEmpty();
      assertThat(logs.with(all)).as("logs with what was known later").isEmpty();
    }
  }

  private void live() throws Exception {
    integrations();
    door("djwt", "/auth/jwt", Json.object().put("keyId", "k1").put("privateKey", pem()));
    door(
        "dsteps",
        "/auth/two-step",
        pair("user", "password")
            .put("type", "TWO_STEP")
            .put("apiKey", entered("apiKey"))
            .put("pin", entered("pin"))
            .put("passphrase", entered("passphrase")));
    door("dsign", "/auth/signature", pair("username", "password").put("type", "SIGNATURE"));
    door("dbasic", "/api-auth/basic", pair("username", "password"));
    door(
        "dname",
        "/api-auth/basic",
        Json.object().put("username", entered("username")).put("password", "x"));
    door("dplain", "/auth/tba", pair("token_id", "token_secret"));
    door("dkey", "/api-auth/api-key", Json.object().put("apiKey", ENTERED));
    door("dtba", "/auth/tba", pair("token_id", "token_secret"));
    door("dclient", "/oauth2/auth", pair("client_id", "client_secret"));
    door(
        "dassert",
        "/oauth2/auth",
        Json.object().put("client_id", "c").put("client_private_key", pem()));
    door(
        "daws",
        "/auth/aws-sigv4",
        Json.object().put("role_arn", "arn:aws:iam::1:role/x").put("region", "eu-west-1"));
    installation();
    publicKey();
    imports();
    apiKeys();
    signingKey();
    // What was signed, as the provider saw it.
    world.provider.requests().stream()
        .flatMap(request ->
            Arrays.stream(
                (request.headers().get("authorization") + "&" + request.body()).split("[&= ]")))
        .filter(text -> text.startsWith("eyJ"))
        .forEach(late::add);
  }

  private void integrations() throws Exception {
    String plain = "{\"provider\":\"%1$s\",\"unique_key\":\"%1$s\"}";
    for (String key :
        List.of("djwt", "dsteps", "dsign", "dbasic", "dname", "dkey", "dclient", "dassert")) {
      assertThat(world.answer("made " + key, "POST", "/integrations", plain.formatted(key)))
          .isEqualTo(200);
    }
    for (String key : List.of("dtba", "dplain", "daws")) {
      ObjectNode body = Json.object().put("provider", key).put("unique_key", key);
      body.putObject("credentials")
          .put("type", key.equals("daws") ? "AWS_SIGV4" : "TBA")
          .put("client_id", "app")
          .put("client_secret", CanaryWorld.CLIENT_SECRET);
      assertThat(world.send("POST", "/integrations", Json.write(body)).statusCode()).isEqualTo(200);
    }
    ObjectNode app = Json.object().put("provider", "dapp").put("unique_key", "dapp");
    app.putObject("credentials")
        .put("type", "APP")
        .put("app_id", "7")
        .put("app_link", world.provider.url() + "/apps/serai")
        .put("private_key", pem());
    assertThat(world.send("POST", "/integrations", Json.write(app)).statusCode()).isEqualTo(200);
    app.withObject("/credentials").put("colour", "red");
    world.answer("app refused", "POST", "/integrations", Json.write(app));
    world.answer("app shown", "GET", "/integrations/dapp", "");
  }

  /** Another one for each field, so that none is known by what stands in another. */
  private static String entered(String field) {
    return ENTERED.replace("canary-entered-", field + "-canary-");
  }

  private static ObjectNode pair(String open, String secret) {
    return Json.object().put(open, "ann").put(secret, ENTERED);
  }

  /** Refused, misspelt and cut off, then accepted and used. */
  private void door(String key, String path, ObjectNode entered) throws Exception {
    String session = session();
    String to = path + "/" + key + "?connect_session_token=" + session;
    String body = Json.write(entered);
    refusing = "/";
    world.answer(key + " refused", "POST", to, body);
    refusing = "/steps";
    world.answer(key + " half refused", "POST", to, body);
    refusing = NOTHING;
    world.answer(key + " cut off", "POST", to, body.substring(0, body.length() - 1));
    world.answer(key + " misspelt", "POST", to, Json.write(entered.deepCopy().put("x", 1)));
    HttpResponse<String> made =
        world.send("POST", path + "/" + key + "?connect_session_token=" + session(), body);
    assertThat(made.statusCode()).as("%s: %s", key, made.body()).isEqualTo(200);
    world.answers.put(key + " connected", made.headers() + made.body());
    use(key, Json.parse(made.body()).path("connectionId").asText());
  }

  /** Used, and where something is to be renewed, renewed and refused. */
  private void use(String key, String connection) throws Exception {
    for (String how : List.of("refuse", "fail", "text", "nicely")) {
      world.act(key, connection, "ask", "{\"how\":\"" + how + "\"}");
    }
    refusing = key.equals("dsteps") ? "/steps" : "/";
    String renewed = "/connections/%s?provider_config_key=%s&force_refresh=true";
    HttpResponse<String> answer = world.send("GET", renewed.formatted(connection, key), "");
    refusing = NOTHING;
    assertThat(answer.statusCode()).as(answer.body()).isIn(200, 400, 424);
    if (key.equals("dsteps")) {
      assertThat(answer.body()).contains("you sent", "[redacted]");
    }
    if (answer.statusCode() != 200) { // else it shows them, as it should
      world.answers.put(key + " renewal refused", answer.headers() + answer.body());
      world.act(key, connection, "ask", "{}");
    }
  }

  private String session() throws Exception {
    String session = world.session();
    late.add(session);
    return session;
  }

  private void installation() throws Exception {
    for (boolean refused : new boolean[] {true, false}) {
      Popup popup = new Popup(world.url());
      String page = popup.begin("dapp", "connect_session_token=" + session());
      String state = page.replaceAll(".*[?&]state=([^&]+).*", "$1");
      late.add(state);
      late.addAll(popup.cookies.values());
      refusing = refused ? "/" : NOTHING;
      HttpResponse<String> answer =
          popup.get(world.url() + "/app-auth/connect?installation_id=99&state=" + state);
      refusing = NOTHING;
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(refused ? 400 : 200);
      world.answers.put("installation " + refused, answer.body());
      if (!refused) {
        String id = Popup.message(answer).at("/payload/connectionId").asText();
        use("dapp", id);
      }
    }
  }

  private void publicKey() throws Exception {
    String settings = "{\"hmac_key\":\"%s\",\"hmac_enabled\":true}".formatted(HMAC_KEY);
    world.answer(
        "settings refused", "PATCH", "/environment/settings", settings.replace("true", "1"));
    assertThat(world.answer("settings", "PATCH", "/environment/settings", settings)).isEqualTo(200);
    String signed = FrontDoor.sign(HMAC_KEY, "dkey", "mine");
    late.add(signed);
    String to =
        "/api-auth/api-key/dkey?connection_id=mine&public_key="
            + world.environment("public_key")
            + "&hmac=";
    String body = Json.write(Json.object().put("apiKey", ENTERED));
    assertThat(world.answer("hmac wrong", "POST", to + "00", body)).isGreaterThanOrEqualTo(400);
    String other = to.replace("=mine", "=other") + signed;
    assertThat(world.answer("hmac of another", "POST", other, body)).isGreaterThanOrEqualTo(400);
    assertThat(world.answer("hmac right", "POST", to + signed, body)).isEqualTo(200);
  }

  private void imports() throws Exception {
    for (var entry :
        Map.of(
                "dtba", pair("token_id", "token_secret").put("type", "TBA"),
                "dclient",
                    pair("client_id", "client_secret")
                        .put("type", "OAUTH2_CC")
                        .put("token", ENTERED),
                "djwt", Json.object().put("type", "JWT").put("privateKey", pem()),
                "dsteps", pair("user", "password").put("type", "TWO_STEP"),
                "dsign", pair("username", "password").put("type", "SIGNATURE"))
            .entrySet()) {
      ObjectNode body =
          Json.object()
              .put("provider_config_key", entry.getKey())
              .put("connection_id", "imported-" + entry.getKey());
      body.set("credentials", entry.getValue());
      boolean taken = List.of("dtba", "dclient").contains(entry.getKey());
      HttpResponse<String> made = world.send("POST", "/connections", Json.write(body));
      assertThat(made.statusCode())
          .as("%s: %s", entry.getKey(), made.body())
          .isEqualTo(taken ? 201 : 400);
      if (!taken) {
        world.answers.put("import of " + entry.getKey(), made.body());
      }
      entry.getValue().put("colour", "red");
      body.put("connection_id", "again");
      assertThat(
              world.answer("misspelt " + entry.getKey(), "POST", "/connections", Json.write(body)))
          .isEqualTo(400);
    }
  }

  private void apiKeys() throws Exception {
    JsonNode made =
        Json.parse(
            world.send("POST", "/environment/api-keys", "{\"display_name\":\"second\"}").body());
    String secret = made.at("/data/secret").asText();
    late.add(secret);
    assertThat(world.sendAs(secret, "GET", "/environment/settings", "").statusCode())
        .isEqualTo(200);
    assertThat(world.answer("keys", "GET", "/environment/api-keys", "")).isEqualTo(200);
    assertThat(world.answers.get("keys")).contains("\"second\"", "\"created_at\"");
    String id = "{\"id\":" + made.at("/data/id") + "}";
    assertThat(world.answer("key deleted", "DELETE", "/environment/api-keys", id)).isEqualTo(200);
    HttpResponse<String> refused = world.sendAs(secret, "GET", "/environment/settings", "");
    assertThat(refused.statusCode()).isEqualTo(401);
    world.answers.put("key is none", refused.headers() + refused.body());
    assertThat(world.answer("key deleted twice", "DELETE", "/environment/api-keys", id))
        .isEqualTo(404);
    String own =
        "{\"id\":"
            + Json.parse(world.send("GET", "/environment/api-keys", "").body()).at("/data/0/id")
            + "}";
    assertThat(world.answer("the last one", "DELETE", "/environment/api-keys", own)).isEqualTo(404);
  }

  /** In the overlap a receiver that knows either key believes a webhook; without one, not. */
  private void signingKey() throws Exception {
    assertThat(proven("before", CanaryWorld.DEV_KEY)).isEqualTo(1);
    String first = rotated("");
    assertThat(proven("overlap", CanaryWorld.DEV_KEY)).isEqualTo(2);
    assertThat(proven("overlap too", first)).isEqualTo(2);
    String second = rotated("{\"overlap_hours\":0}");
    assertThat(proven("no overlap", second)).isEqualTo(1);
    assertThat(world.answer("too long", "POST", ROTATE, "{\"overlap_hours\":169}")).isEqualTo(400);
  }

  private static final String ROTATE = "/environment/webhook-signing-key/rotate";

  private String rotated(String body) throws Exception {
    HttpResponse<String> answer = world.send("POST", ROTATE, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String key = Json.parse(answer.body()).at("/data/webhook_signing_key").asText();
    late.add(key);
    return key;
  }

  /** Makes a webhook go out, and answers how many signatures it has; one is this key's. */
  private int proven(String connection, String key) throws Exception {
    int before = world.backend.requests().size();
    String id = connection.replace(' ', '-');
    ObjectNode body = Json.object().put("provider_config_key", "dkey").put("connection_id", id);
    body.putObject("credentials").put("type", "API_KEY").put("apiKey", ENTERED);
    assertThat(world.send("POST", "/connections", Json.write(body)).statusCode()).isEqualTo(201);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            world.backend.requests().stream()
                .skip(before)
                .anyMatch(hook -> hook.body().contains("\"" + id + "\"")));
    FakeProvider.Request hook =
        world.backend.requests().stream()
            .skip(before)
            .filter(each -> each.body().contains("\"" + id + "\""))
            .findFirst()
            .orElseThrow();
    String right =
        WebhookSigning.headers(
                key,
                hook.headers().get("webhook-id"),
                Instant.ofEpochSecond(Long.parseLong(hook.headers().get("webhook-timestamp"))),
                hook.body().getBytes(StandardCharsets.UTF_8))
            .get("webhook-signature");
    List<String> given = List.of(hook.headers().get("webhook-signature").split(" "));
    assertThat(given).as(connection).contains(right);
    return given.size();
  }

  private FakeProvider.Answer answer(FakeProvider.Request request) {
    if (request.path().startsWith(refusing)) {
      String said = "you sent " + request.body() + " " + request.headers();
      return FakeProvider.Answer.json(401, escaped(Json.object().put("error", said)));
    }
    String mark = CanaryWorld.MARK;
    return switch (request.path()) {
      case "/login" -> FakeProvider.Answer.json("{\"session\":\"" + mark + "-step\"}");
      case "/steps" ->
          FakeProvider.Answer.json("{\"key\":\"%1$s-k\",\"again\":\"%1$s-r\"}".formatted(mark));
      case "/token" ->
          FakeProvider.Answer.json("{\"access_token\":\"" + mark + "-t\",\"expires_in\":3600}");
      case "/installations/99" -> FakeProvider.Answer.json(201, "{\"token\":\"" + mark + "-i\"}");
      case "/sts" -> {
        boolean proven = request.body().contains("ExternalId=");
        String denied = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
        yield new FakeProvider.Answer(
            proven ? 200 : 403,
            Map.of("Content-Type", "text/xml"),
            (proven ? DoorProviders.role(mark) : denied).getBytes(StandardCharsets.UTF_8));
      }
      default -> echo(request);
    };
  }

  /** As {@link CanaryTest#echo}, in the spelling of the day. */
  private FakeProvider.Answer echo(FakeProvider.Request request) {
    FakeProvider.Answer plain = CanaryTest.echo(request);
    if (request.body().contains("text")) {
      return plain;
    }
    String authorization = String.valueOf(request.headers().get("authorization"));
    String said = "no such key: " + authorization + understood(authorization);
    String body = escaped(Json.object().put("id", "1").put("error", said));
    return new FakeProvider.Answer(
        plain.status(), plain.headers(), body.getBytes(StandardCharsets.UTF_8));
  }

  /** A provider knows who a user name is, and may say so. */
  private static String understood(String authorization) {
    return authorization.startsWith("Basic ")
        ? " of "
            + new String(
                Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8)
        : "";
  }

  /** As PHP and .NET write JSON, by turns. */
  private String escaped(ObjectNode json) {
    String plain = Json.write(json);
    return turns.incrementAndGet() % 2 == 0
        ? plain.replace("/", "\\/")
        : plain.replace("+", "\\u002B").replace("&", "\\u0026").replace("\\\"", "\\u0022");
  }

  private static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem() {
    return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(
            Base64.getMimeEncoder()
                .encodeToString(KEYS.getPrivate().getEncoded())
                .replace("\r", ""));
  }

  /** Lines of it as it is written, and some of its bytes. */
  private static List<String> ofPrivateKey() {
    byte[] bytes = KEYS.getPrivate().getEncoded();
    List<String> lines = pem().lines().toList();
    return List.of(lines.get(4), lines.get(9), HexFormat.of().formatHex(bytes, 400, 430));
  }
}

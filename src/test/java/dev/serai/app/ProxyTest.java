package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import dev.serai.support.TestSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /proxy/…} of a whole Serai, in front of a provider that remembers what it got. */
@Timeout(90)
class ProxyTest {
  private static final String SECRET = "hushhush-proxy-key-0123456789";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path folder;
  private static FakeProvider provider;
  private static ConnectWorld world;

  @BeforeAll
  static void start() throws Exception {
    provider = new FakeProvider();
    Path home = Files.createDirectories(folder.resolve("providers/desk"));
    Files.writeString(
        home.resolve("provider.yaml"),
        """
        name: desk
        display_name: Desk
        auth: {type: api_key, name: X-Key}
        base_url: ${connection_config.url}
        headers: {X-Standing: always}
        connection_config:
          url: {title: URL, description: Where it is, pattern: "https?://[^?#]+", example: "https://desk.example.com"}
        retry: {statuses: [423], backoff: {base: 1ms, factor: 1, max: 1ms}}
        """);
    world =
        new ConnectWorld(
            new TestSettings(folder.resolve("data"))
                .with("SERAI_PROVIDERS", folder.resolve("providers").toString())
                .with("SERAI_OUTGOING_ALLOW", provider.address()),
            provider.url());
    world.api("POST", "/integrations", "{\"unique_key\":\"desk\",\"provider\":\"desk\"}");
    world.api(
        "POST",
        "/connections",
        """
        {"provider_config_key":"desk","connection_id":"ann","connection_config":{"url":"%s/base"},
         "credentials":{"type":"API_KEY","apiKey":"%s"}}
        """
            .formatted(provider.url(), SECRET));
  }

  @AfterAll
  static void stop() {
    world.close();
    provider.close();
  }

  @BeforeEach
  void quiet() {
    provider.requests().clear();
    provider.answering(request -> Answer.json("{\"ok\":true}"));
  }

  private static HttpRequest.Builder to(String target, String... headers) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "Authorization",
                "Bearer " + TestSettings.DEV_KEY,
                "Provider-Config-Key",
                "desk",
                "Connection-Id",
                "ann"));
    all.addAll(List.of(headers));
    return HttpRequest.newBuilder(URI.create(world.url + "/proxy" + target))
        .headers(all.toArray(String[]::new));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static String code(HttpResponse<byte[]> answer) {
    return Json.parse(text(answer)).at("/error/code").asText();
  }

  private static FakeProvider.Request only() {
    assertThat(provider.requests()).hasSize(1);
    return provider.requests().getFirst();
  }

  @ParameterizedTest
  @CsvSource({"GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "REPORT"})
  void every_method_goes_to_the_path_as_it_came_with_the_credentials_added(String method)
      throws Exception {
    HttpResponse<byte[]> answer =
        send(
            to("/v1/a%2Fb/%7Bx%7D?q=1&q=2&empty=&plus=a+b")
                .header("Nango-Proxy-X-Own", "mine")
                .method(method, BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(text(answer)).isEqualTo("{\"ok\":true}");
    assertThat(only().method()).isEqualTo(method);
    assertThat(only().path()).isEqualTo("/base/v1/a%2Fb/%7Bx%7D");
    assertThat(only().query()).containsEntry("plus", "a b").containsEntry("empty", "");
    assertThat(only().headers())
        .containsEntry("x-key", SECRET)
        .containsEntry("x-standing", "always")
        .containsEntry("x-own", "mine")
        .containsEntry("accept", "application/json")
        .doesNotContainKeys("authorization", "connection-id", "provider-config-key");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, {\"a\":[1.0]}",
    "application/x-www-form-urlencoded, a=1&b=%26",
    "text/xml, <a/>",
    "multipart/form-data; boundary=x, '--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n'",
  })
  void a_body_of_any_kind_arrives_byte_by_byte(String type, String body) throws Exception {
    send(to("/v1/files", "Content-Type", type).POST(BodyPublishers.ofString(body)));

    assertThat(only().body()).isEqualTo(body);
    assertThat(only().headers()).containsEntry("content-type", type);
  }

  @Test
  void what_the_provider_answers_comes_back_as_it_is_and_so_do_its_refusals() throws Exception {
    byte[] picture = {(byte) 0xff, (byte) 0xd8, 0, 1, (byte) 0x80};
    provider.answering(request ->
        request.path().endsWith("/picture")
            ? new Answer(200, Map.of("Content-Type", "image/jpeg"), picture)
            : Answer.json(404, "{\"message\":\"No such ticket\"}")
                .with("Link", "<https://desk.example.com/?page=2>; rel=\"next\"")
                .with("X-Request-Id", "r-1")
                .with("Set-Cookie", "session=1")
                .with("Access-Control-Allow-Origin", "https://desk.example.com"));

    HttpResponse<byte[]> file = send(to("/picture").GET());
    HttpResponse<byte[]> refusal = send(to("/v1/tickets/9").GET());

    assertThat(file.body()).isEqualTo(picture);
    assertThat(file.headers().firstValue("Content-Type")).hasValue("image/jpeg");
    assertThat(refusal.statusCode()).isEqualTo(404);
    assertThat(text(refusal)).isEqualTo("{\"message\":\"No such ticket\"}");
    assertThat(refusal.headers().firstValue("Link")).isPresent();
    assertThat(refusal.headers().firstValue("X-Request-Id")).hasValue("r-1");
    assertThat(refusal.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(refusal.headers().allValues("Access-Control-Allow-Origin")).containsExactly("*");
    assertThat(refusal.headers().firstValue("X-RateLimit-Limit")).isPresent();
  }

  @Test
  void an_empty_answer_stays_empty() throws Exception {
    provider.answering(request -> Answer.status(204));

    HttpResponse<byte[]> answer = send(to("/v1/tickets/9").DELETE());

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void credentials_that_the_provider_repeats_do_not_come_back() throws Exception {
    provider.answering(request -> Answer.json(403, "{\"key\":\"" + SECRET + "\"}"));

    assertThat(text(send(to("/v1/me").GET()))).isEqualTo("{\"key\":\"[redacted]\"}");
  }

  @Test
  void nothing_is_tried_again_unless_the_caller_says_so() throws Exception {
    provider.answering(request -> Answer.status(503));

    assertThat(send(to("/v1/tickets").POST(BodyPublishers.noBody())).statusCode()).isEqualTo(503);
    assertThat(provider.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"500, ''", "429, ''", "423, ''", "409, 409"})
  void it_is_tried_again_as_often_as_the_caller_says(int status, String retryOn) throws Exception {
    AtomicInteger tries = new AtomicInteger();
    provider.answering(request ->
        tries.incrementAndGet() < 3
            ? Answer.status(status).with("Retry-After", "0")
            : Answer.json("{\"ok\":true}"));
    HttpRequest.Builder request =
        to("/v1/tickets", "Retries", "2").POST(BodyPublishers.ofString("{}"));
    if (!retryOn.isEmpty()) {
      request.header("Retry-On", retryOn);
    }

    assertThat(send(request).statusCode()).isEqualTo(200);
    assertThat(tries).hasValue(3);
  }

  @Test
  void another_base_url_is_for_keys_that_may_read_credentials_and_passes_the_guard()
      throws Exception {
    String elsewhere = provider.url() + "/other/";
    assertThat(send(to("/v1/x", "Base-Url-Override", elsewhere).GET()).statusCode()).isEqualTo(200);
    assertThat(only().path()).isEqualTo("/other/v1/x");

    HttpResponse<byte[]> guarded =
        send(to("/v1/x", "Base-Url-Override", "http://169.254.169.254").GET());
    assertThat(guarded.statusCode()).isEqualTo(400);
    assertThat(code(guarded)).isEqualTo("base_url_override_not_allowed");

    String limited =
        world
            .api(
                "POST",
                "/environment/api-keys",
                "{\"display_name\":\"proxy\",\"scopes\":[\"environment:proxy\"]}")
            .at("/data/secret");
    HttpRequest.Builder by =
        HttpRequest.newBuilder(URI.create(world.url + "/proxy/v1/x"))
            .headers(
                "Authorization",
                "Bearer " + limited,
                "Provider-Config-Key",
                "desk",
                "Connection-Id",
                "ann");
    assertThat(send(by.copy().GET()).statusCode()).isEqualTo(200);
    HttpResponse<byte[]> refused = send(by.copy().header("Base-Url-Override", elsewhere).GET());
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(code(refused)).isEqualTo("base_url_override_not_allowed");
  }

  @ParameterizedTest
  @CsvSource({
    "Retries, many, invalid_headers",
    "Retry-On, '4,x', invalid_headers",
    "Base-Url-Override, ftp://x, invalid_headers",
    "Decompress, perhaps, invalid_headers",
    "Nango-Proxy-Host, evil, invalid_headers",
    "Nango-Proxy-Transfer-Encoding, chunked, invalid_headers",
  })
  void headers_that_cannot_be_are_named(String name, String value, String code) throws Exception {
    HttpResponse<byte[]> answer = send(to("/v1/x", name, value).GET());

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(code(answer)).isEqualTo(code);
    assertThat(text(answer).toLowerCase()).contains(name.toLowerCase());
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void what_is_not_there_and_who_may_not_are_told_apart() throws Exception {
    HttpResponse<byte[]> integration =
        send(to("/v1/x").setHeader("Provider-Config-Key", "nobody").GET());
    HttpResponse<byte[]> connection = send(to("/v1/x").setHeader("Connection-Id", "nobody").GET());
    HttpResponse<byte[]> key = send(to("/v1/x").setHeader("Authorization", "Bearer x").GET());
    HttpResponse<byte[]> method = send(to("/v1/x").method("TRACE", BodyPublishers.noBody()));

    assertThat(integration.statusCode()).isEqualTo(404);
    assertThat(code(integration)).isEqualTo("unknown_provider_config");
    assertThat(connection.statusCode()).isEqualTo(400);
    assertThat(code(connection)).isEqualTo("server_error");
    assertThat(key.statusCode()).isEqualTo(401);
    assertThat(method.statusCode()).isEqualTo(400);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void a_provider_that_cannot_be_reached_is_told_from_one_that_refuses() throws Exception {
    provider.answering(request -> {
      throw new IllegalStateException("breaks off");
    });
    HttpResponse<byte[]> broken = send(to("/v1/x").GET());
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(code(broken)).isEqualTo("connection_reset");
  }

  @Test
  void a_body_that_is_too_large_is_refused_while_it_comes() throws Exception {
    byte[] large = new byte[(75 << 20) + 1];

    HttpResponse<byte[]> answer =
        send(
            to("/v1/x", "Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(large)));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(provider.requests()).isEmpty();
  }
}

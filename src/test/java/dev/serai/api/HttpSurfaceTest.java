package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client meets on the wire, over the real routes. */
class HttpSurfaceTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static ApiServer server;

  private final UUID key = UUID.randomUUID();

  @BeforeAll
  static void start() throws Exception {
    server = new ApiServer(new ApiRooms(postgres.database()).api(0));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void key() {
    new ApiKeyStore(postgres.database()).put(postgres.environment(), "test", key);
  }

  @Test
  void nothing_of_the_request_is_echoed() throws Exception {
    HttpResponse<String> answer =
        send(request("GET", "/connections?search=needle", "").header("X-Mine", "needle"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().map().keySet())
        .allMatch(name ->
            name.matches(
                "(?i)content-type|content-length|transfer-encoding|x-ratelimit-.*|access-control-.*"));
    assertThat(answer.headers().map().toString()).doesNotContain("needle", key.toString());
  }

  @Test
  void an_unknown_path_is_a_json_404() throws Exception {
    HttpResponse<String> answer = send(request("GET", "/nowhere/at/all", ""));

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("content-type")).hasValueSatisfying(this::isJson);
    assertThat(json(answer).at("/error/code").asText()).isEqualTo("not_found");
  }

  @Test
  void a_wrong_method_is_a_json_405() throws Exception {
    HttpResponse<String> answer = send(request("PUT", "/connections", "{}"));

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(json(answer).at("/error/code").asText()).isEqualTo("method_not_allowed");
  }

  @Test
  void a_body_that_is_too_large_is_a_json_413() throws Exception {
    String large = "{\"a\":\"" + "x".repeat((int) ApiServer.BODY_LIMIT) + "\"}";

    HttpResponse<String> answer = send(request("POST", "/connections", large));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(json(answer).at("/error/code").asText()).isEqualTo("payload_too_large");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/xml"
  })
  void another_content_type_is_a_json_415(String type) throws Exception {
    HttpResponse<String> answer =
        send(request("POST", "/connections", "a=b").setHeader("Content-Type", type));

    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(json(answer).at("/error/code").asText()).isEqualTo("invalid_content_type");
  }

  @Test
  void malformed_json_is_a_400_and_an_empty_body_is_not_accepted_either() throws Exception {
    HttpResponse<String> malformed = send(request("POST", "/connections", "{\"a\":"));
    HttpResponse<String> empty = send(request("POST", "/connections", ""));

    assertThat(malformed.statusCode()).isEqualTo(400);
    assertThat(json(malformed).at("/error/code").asText()).isEqualTo("invalid_json");
    assertThat(empty.statusCode()).isEqualTo(400);
    assertThat(json(empty).at("/error/code").asText()).isEqualTo("invalid_body");
    assertThat(json(empty).at("/error/errors/0/code").asText()).isEqualTo("invalid_type");
  }

  @Test
  void a_trailing_slash_is_tolerated() throws Exception {
    HttpResponse<String> answer = send(request("GET", "/connections/?limit=1", ""));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).path("connections").isArray()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "user@example.com user@example.com",
        "user%40example.com user@example.com",
        "a+b a+b",
        "a%20b 'a b'",
        "a%7Cb a|b",
        "100%25 -",
        "a%2Fb a/b",
        "a=b;c=d a=b;c=d",
        "metadata metadata",
      })
  void odd_connection_ids_arrive_as_they_were_meant(String onTheWire, String id) throws Exception {
    send(request("POST", "/integrations", "{\"provider\":\"helpdesk\",\"unique_key\":\"hd\"}"));
    if (id.equals("-")) {
      HttpResponse<String> refused =
          send(request("GET", "/connections/" + onTheWire + "?provider_config_key=hd", ""));
      assertThat(json(refused).at("/error/code").asText()).isEqualTo("invalid_uri_params");
      return;
    }
    String body =
        "{\"provider_config_key\":\"hd\",\"connection_id\":\""
            + id
            + "\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"k\"}}";
    assertThat(send(request("POST", "/connections", body)).statusCode()).isEqualTo(201);

    HttpResponse<String> answer =
        send(request("GET", "/connections/" + onTheWire + "?provider_config_key=hd", ""));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(json(answer).path("connection_id").asText()).isEqualTo(id);
  }

  @Test
  void metadata_of_connections_and_a_connection_named_metadata_are_kept_apart() throws Exception {
    HttpResponse<String> answer = send(request("PATCH", "/connections/metadata", "{}"));

    assertThat(json(answer).at("/error/errors/0/path/0").asText()).isEqualTo("connection_id");
  }

  @Test
  void delete_may_carry_a_body() throws Exception {
    HttpResponse<String> answer = send(request("DELETE", "/sync/tickets/variant/vip", "{}"));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(json(answer).at("/error/errors/0/path/0").asText()).isEqualTo("provider_config_key");
  }

  @Test
  void a_browser_may_ask_first() throws Exception {
    HttpResponse<String> answer =
        send(
            HttpRequest.newBuilder(URI.create(server.url() + "/connections"))
                .method("OPTIONS", BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("access-control-allow-origin")).hasValue("*");
    assertThat(answer.headers().firstValue("access-control-max-age")).hasValue("600");
  }

  @Test
  void headers_of_camel_that_a_client_sends_change_nothing() throws Exception {
    HttpResponse<String> answer =
        send(
            request("GET", "/connections", "")
                .header("CamelHttpMethod", "DELETE")
                .header("CamelHttpQuery", "limit=0")
                .header("limit", "0"));

    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private HttpRequest.Builder request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.parse(answer.body());
  }

  private void isJson(String type) {
    assertThat(type).startsWith("application/json");
  }
}

package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plays customer and client against a simulator's OAuth server, well-behaved unless told. */
record ConsentBrowser(URI base) {
  static final String VERIFIER = "verifier-verifier-verifier-verifier-verifier-1";
  static final String CHALLENGE = "EqEGs5pIMuljbpLTjRMiwvPGs2tOQNVxme9rjGjCFD0";
  static final String CALLBACK = "http://127.0.0.1:3003/oauth/callback";

  private static final Pattern QUESTION = Pattern.compile("name=\"request\" value=\"([^\"]+)\"");
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A good authorization request, to be spoilt. */
  static Map<String, String> wishes() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", "serai-sample");
    query.put("redirect_uri", CALLBACK);
    query.put("scope", "tickets:read tickets:write");
    query.put("state", "a state & more");
    query.put("code_challenge", CHALLENGE);
    query.put("code_challenge_method", "S256");
    return query;
  }

  HttpResponse<String> authorize(Map<String, String> query) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(base + "/oauth/authorize?" + form(query))).GET());
  }

  static String question(String html) {
    Matcher question = QUESTION.matcher(html);
    if (!question.find()) {
      throw new AssertionError("no question on this page: " + html);
    }
    return question.group(1);
  }

  HttpResponse<String> decide(String question, String account, String decision) throws Exception {
    return post(
        "/oauth/authorize",
        Map.of("request", question, "account", account, "decision", decision),
        null);
  }

  /** The parameters that the browser carries back. */
  static Map<String, String> carried(HttpResponse<String> redirect) {
    Map<String, String> carried = new LinkedHashMap<>();
    String location = redirect.headers().firstValue("Location").orElseThrow();
    for (String pair : URI.create(location).getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      carried.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return carried;
  }

  /** The whole way of a customer who says yes. */
  String code(String account) throws Exception {
    String page = authorize(wishes()).body();
    return carried(decide(question(page), account, "allow")).get("code");
  }

  static Map<String, String> exchange(String code) {
    return new LinkedHashMap<>(
        Map.of(
            "grant_type", "authorization_code",
            "code", code,
            "redirect_uri", CALLBACK,
            "code_verifier", VERIFIER));
  }

  static Map<String, String> refresh(String token) {
    return new LinkedHashMap<>(Map.of("grant_type", "refresh_token", "refresh_token", token));
  }

  static String basic(String secret) {
    byte[] pair = ("serai-sample:" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  HttpResponse<String> token(Map<String, String> form) throws Exception {
    return post("/oauth/token", form, basic("sample-client-secret"));
  }

  JsonNode tokens(Map<String, String> form) throws Exception {
    HttpResponse<String> answer = token(form);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
    return Json.parse(answer.body());
  }

  HttpResponse<String> post(String path, Map<String, String> form, @Nullable String authorization)
      throws Exception {
    return post(path, form(form), authorization);
  }

  HttpResponse<String> post(String path, String form, @Nullable String authorization)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    return send(request);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(
        request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field ->
            field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}

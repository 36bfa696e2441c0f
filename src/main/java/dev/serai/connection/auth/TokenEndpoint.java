package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.serai.Json;
import dev.serai.connection.EchoGuard;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.http.HttpCall;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Tokens;
import dev.serai.provider.Template;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks for tokens. Sends once; follows and repeats nothing. Thread-safe. */
final class TokenEndpoint {
  static final HttpCall.Limits LIMITS =
      new HttpCall.Limits(
          Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60), 1L << 20);

  private final OutgoingHttp http;
  private final HttpCall.Limits limits;

  TokenEndpoint(OutgoingHttp http, HttpCall.Limits limits) {
    this.http = http;
    this.limits = limits;
  }

  /** The same, waiting as long as this makes of its limits. */
  TokenEndpoint within(UnaryOperator<Duration> patience) {
    return new TokenEndpoint(
        http,
        new HttpCall.Limits(
            limits.connect(),
            patience.apply(limits.firstByte()),
            patience.apply(limits.whole()),
            limits.answerBytes()));
  }

  /**
   * @param url the endpoint's own, or that for refreshing
   * @param clientSecret null: a public client, or one that proves itself by the parameters
   * @throws dev.serai.http.HttpFailure when no answer came
   */
  HttpAnswer ask(
      Tokens.Endpoint endpoint,
      Template url,
      Map<String, String> parameters,
      @Nullable String clientId,
      @Nullable String clientSecret,
      UnaryOperator<String> values) {
    Map<String, String> body = new LinkedHashMap<>(parameters);
    Headers headers = headers(endpoint.headers(), values);
    if (clientId != null) {
      if (endpoint.client() == Tokens.ClientAuth.BASIC) {
        headers = headers.with("Authorization", basic(clientId, clientSecret));
      } else {
        body.put("client_id", clientId);
        if (endpoint.client() == Tokens.ClientAuth.BODY && clientSecret != null) {
          body.put("client_secret", clientSecret);
        }
      }
    }
    return post(Addresses.of(url, values), headers, body, endpoint.json());
  }

  HttpAnswer post(URI address, Headers headers, Map<String, String> body, boolean json) {
    String type = json ? "application/json" : "application/x-www-form-urlencoded";
    HttpAnswer answer =
        send(
            new HttpCall(
                "POST",
                address,
                headers.with("Content-Type", type),
                (json ? object(body) : form(body)).getBytes(StandardCharsets.UTF_8),
                limits));
    return EchoGuard.without(List.of(body.getOrDefault("client_assertion", "")), answer);
  }

  /** What was made for this call alone is known to nobody later, so its echo goes at once. */
  HttpAnswer send(HttpCall call) {
    List<String> made =
        call.headers().all("Authorization").stream()
            .map(value -> value.substring(value.lastIndexOf(' ') + 1))
            .toList();
    return EchoGuard.without(made, http.sendOnce(call));
  }

  static Headers headers(Map<String, Template> declared, UnaryOperator<String> values) {
    Headers headers = Headers.NONE.with("Accept", "application/json");
    for (Map.Entry<String, Template> header : declared.entrySet()) {
      headers = headers.with(header.getKey(), header.getValue().fill(values));
    }
    return headers;
  }

  /** The parameters filled. */
  static Map<String, String> filled(Map<String, Template> declared, UnaryOperator<String> values) {
    Map<String, String> filled = new LinkedHashMap<>();
    declared.forEach((name, template) -> filled.put(name, template.fill(values)));
    return filled;
  }

  static String form(Map<String, String> body) {
    return body.entrySet().stream()
        .map(e -> OutgoingUri.encode(e.getKey()) + "=" + OutgoingUri.encode(e.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String object(Map<String, String> body) {
    ObjectNode json = Json.object();
    body.forEach(json::put);
    return Json.write(json);
  }

  /** RFC 6749 §2.3.1: both halves are form-encoded first. */
  private static String basic(String clientId, @Nullable String clientSecret) {
    return new ClientSecretBasic(
            new ClientID(clientId), new Secret(clientSecret == null ? "" : clientSecret))
        .toHTTPAuthorizationHeader();
  }
}

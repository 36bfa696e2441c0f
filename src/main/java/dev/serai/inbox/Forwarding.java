package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.outbox.OutgoingMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the customer's backend is sent of a provider's webhook, as contract §3 spells it. */
final class Forwarding {
  private static final String TYPE = "forward";

  /**
   * Say something of one hop, or of who asks; a header that begins with one of these stays here.
   */
  private static final List<String> KEPT =
      List.of(
          "host",
          "authorization",
          "connection",
          "keep-alive",
          "content-length",
          "content-type",
          "content-encoding",
          "cookie",
          "set-cookie",
          "referer",
          "user-agent",
          "sec-",
          "proxy-",
          "www-authenticate",
          "server",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          // Ours and Camel's: a provider must not speak in our name.
          "x-nango-",
          "webhook-id",
          "webhook-timestamp",
          "webhook-signature",
          "camel",
          "org.apache.camel");

  private Forwarding() {}

  /** Where a delivery came in. */
  record From(int environment, String provider, String providerConfigKey) {}

  static OutgoingMessage matched(
      From from, InboxStore.Named connection, JsonNode payload, Headers headers) {
    ObjectNode body =
        Json.object()
            .put("from", from.provider())
            .put("type", TYPE)
            .put("providerConfigKey", from.providerConfigKey())
            .put("connectionId", connection.connectionId());
    body.set("payload", whole(payload));
    return new OutgoingMessage(
        from.environment(),
        connection.id(),
        TYPE,
        body,
        connection.webhookUrlOverride(),
        handedOn(headers));
  }

  /** Nobody's: the provider's body alone. */
  static OutgoingMessage unmatched(From from, JsonNode payload, Headers headers) {
    return new OutgoingMessage(
        from.environment(), null, TYPE, whole(payload), null, handedOn(headers));
  }

  private static JsonNode whole(JsonNode payload) {
    return payload instanceof MissingNode ? Json.object() : payload;
  }

  /** Several lines of one name are joined by commas (RFC 9110, 5.3). */
  static Map<String, String> handedOn(Headers headers) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Headers.Line line : headers.lines()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (name.matches("[a-z0-9!#$&*^_`|~.+-]+") && KEPT.stream().noneMatch(k -> kept(name, k))) {
        all.merge(name, line.value(), (a, b) -> a + ", " + b);
      }
    }
    return all;
  }

  private static boolean kept(String name, String entry) {
    return entry.equals("te") || entry.equals("server")
        ? name.equals(entry)
        : name.startsWith(entry);
  }
}

package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Proof;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a proven delivery is kept and handed on: all but what is a secret itself, in a header,
 * the address or the body. A body that held one is written anew as JSON, without every field of
 * that name: a list of events repeats the secret, or brings those of others.
 */
final class Kept {
  private Kept() {}

  static Arrival of(Proof proof, Arrival arrival) {
    @Nullable Place secret =
        switch (proof) {
          case Proof.Token token -> token.place();
          case Proof.Jwt jwt -> jwt.place();
          default -> null;
        };
    List<Headers.Line> lines =
        arrival.headers().lines().stream()
            .filter(line ->
                !line.name().equalsIgnoreCase("Authorization")
                    && !line.name().equalsIgnoreCase("Cookie")
                    && !(secret instanceof Place.Header(String name)
                        && name.equalsIgnoreCase(line.name())))
            .toList();
    Arrival kept =
        new Arrival(
            arrival.method(), url(proof, secret, arrival), new Headers(lines), arrival.body());
    return secret instanceof Place.Path path ? without(path, arrival, kept) : kept;
  }

  private static String url(Proof proof, @Nullable Place secret, Arrival arrival) {
    if (proof.secret() != null && proof.secret().perAddress()) {
      return arrival.urlWithout(Addresses.PARAMETER);
    }
    return secret instanceof Place.Query(String name) ? arrival.urlWithout(name) : arrival.url();
  }

  private static Arrival without(Place.Path path, Arrival arrival, Arrival kept) {
    String secret = arrival.text(path).orElse("");
    Set<String> names = new HashSet<>();
    JsonNode body = arrival.json().deepCopy();
    names(body, secret, names);
    JsonNode rest = body.isValueNode() ? Json.object() : body; // else nothing but the secret
    remove(rest, secret, names);
    return new Arrival(
        kept.method(),
        kept.url(),
        kept.headers().with("Content-Type", "application/json"),
        Json.write(rest).getBytes(StandardCharsets.UTF_8));
  }

  /** Of the fields that hold the secret. */
  private static void names(JsonNode node, String secret, Set<String> found) {
    node.properties()
        .forEach(field -> {
          if (is(field.getValue(), secret)) {
            found.add(field.getKey());
          }
        });
    node.forEach(child -> names(child, secret, found));
  }

  private static void remove(JsonNode node, String secret, Set<String> names) {
    if (node instanceof ObjectNode object) {
      object.remove(names);
    }
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (is(array.get(i), secret)) {
          array.setNull(i);
        }
      }
    }
    node.forEach(child -> remove(child, secret, names));
  }

  private static boolean is(JsonNode value, String secret) {
    return value.isValueNode() && value.asText().equals(secret);
  }
}

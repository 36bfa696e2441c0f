package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.http.Headers;
import dev.serai.provider.WebhookSpec;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delivery at rest: its bytes, address and headers, plain or sealed by the master key for its
 * row. A header that is a secret itself is left out. Thread-safe.
 */
public final class Contents {
  private static final String PURPOSE = "webhook_arrival";

  private final @Nullable Vault vault;
  private final Vault opener;

  /**
   * @param seal whether payloads are sealed from now on; what was sealed before opens anyway
   */
  public Contents(Vault vault, boolean seal) {
    this.opener = vault;
    this.vault = seal ? vault : null;
  }

  /** As it is stored; exactly one of the two is there. */
  record Stored(byte @Nullable [] plain, byte @Nullable [] sealed) {}

  Stored write(UUID row, WebhookSpec spec, Arrival arrival) {
    ObjectNode json =
        Json.object().put("method", arrival.method()).put("url", url(spec.proof(), arrival));
    ArrayNode headers = json.putArray("headers");
    for (Headers.Line line : arrival.headers().lines()) {
      if (!secret(spec.proof(), line.name())) {
        headers.addArray().add(line.name()).add(line.value());
      }
    }
    json.put("body", arrival.body());
    byte[] plain = Json.write(json).getBytes(StandardCharsets.UTF_8);
    return vault == null
        ? new Stored(plain, null)
        : new Stored(null, vault.seal(PURPOSE, row.toString(), plain));
  }

  private static boolean secret(Proof proof, String name) {
    return name.equalsIgnoreCase("Authorization")
        || name.equalsIgnoreCase("Cookie")
        || proof instanceof Proof.Token token && names(token.place(), name)
        || proof instanceof Proof.Jwt jwt && names(jwt.place(), name);
  }

  private static boolean names(Place place, String header) {
    return place instanceof Place.Header(String name) && name.equalsIgnoreCase(header);
  }

  private static String url(Proof proof, Arrival arrival) {
    if (proof.secret() != null && proof.secret().perAddress()) {
      return arrival.urlWithout(Addresses.PARAMETER);
    }
    @Nullable Place place =
        switch (proof) {
          case Proof.Token token -> token.place();
          case Proof.Jwt jwt -> jwt.place();
          default -> null;
        };
    return place instanceof Place.Query(String name) ? arrival.urlWithout(name) : arrival.url();
  }

  Arrival read(UUID row, Stored stored) {
    byte[] sealed = stored.sealed();
    byte[] plain = sealed == null ? stored.plain() : opener.open(PURPOSE, row.toString(), sealed);
    if (plain == null) {
      throw new IllegalStateException("webhook arrival " + row + " has no content");
    }
    try {
      JsonNode json = Json.parse(plain);
      List<Headers.Line> lines = new ArrayList<>();
      json.path("headers")
          .forEach(line -> lines.add(new Headers.Line(line.get(0).asText(), line.get(1).asText())));
      return new Arrival(
              json.path("method").asText(),
              json.path("url").asText(),
              new Headers(lines),
              json.path("body").binaryValue())
          .believe();
    } catch (IOException e) {
      throw new UncheckedIOException("webhook arrival " + row + " cannot be read", e);
    }
  }
}

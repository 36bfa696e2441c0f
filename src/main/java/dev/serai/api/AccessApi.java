package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.WebhookKeys;
import dev.serai.connection.connect.FrontDoor;
import dev.serai.connection.connect.FrontDoors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who gets into an environment: its API keys, what pages with its public key must prove, and the
 * key that its webhooks are signed with. A new secret is shown once, in the answer that makes it.
 */
public final class AccessApi implements Resource {
  private static final TextRule URL = TextRule.matching("^https?://[^\\s?#]+$", 2_048);
  private static final TextRule SCOPE =
      TextRule.size(1, 255).and(Scope::known, "must be the name of a scope, or end in :*");
  private static final int MOST_SCOPES = 64;
  private static final TextRule HMAC_KEY = TextRule.size(8, 1_024);

  /** How long a replaced signing key signs beside the new one, unless somebody says otherwise. */
  private static final int OVERLAP_HOURS = 24;

  private static final int MOST_OVERLAP_HOURS = 168;

  private final FrontDoors doors;
  private final WebhookKeys signing;
  private final ApiKeyStore keys;

  public AccessApi(FrontDoors doors, WebhookKeys signing, ApiKeyStore keys) {
    this.doors = doors;
    this.signing = signing;
    this.keys = keys;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("getEnvironmentSettings", Scope.SETTINGS_READ, this::get),
        new Endpoint("setEnvironmentSettings", Scope.SETTINGS_UPDATE, this::set),
        new Endpoint("rotateSigningKey", Scope.SIGNING_KEY_ROTATE, this::rotate),
        new Endpoint("listApiKeys", Scope.API_KEYS_LIST, this::list),
        new Endpoint("createApiKey", Scope.API_KEYS_CREATE, this::create),
        new Endpoint("deleteApiKey", Scope.API_KEYS_DELETE, this::delete));
  }

  private ApiReply get(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    return shown(doors.of(caller.environment()));
  }

  /** What is left out stays; null clears. */
  private ApiReply set(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    JsonNode json = request.json();
    return shown(doors.change(caller.environment(), old -> changed(old, json)));
  }

  private static FrontDoor changed(FrontDoor old, JsonNode json) {
    Fields body = Fields.body(json);
    String key =
        body.nullableText("hmac_key", HMAC_KEY)
            .map(given -> given.orElse(null))
            .orElse(body.has("hmac_key") ? null : old.hmacKey());
    String callback =
        body.nullableText("callback_url", URL)
            .map(given -> given.orElse(null))
            .orElse(body.has("callback_url") ? null : old.callbackUrl());
    boolean enabled = body.flag("hmac_enabled").orElse(old.hmacEnabled());
    if (enabled && key == null) {
      body.report("custom", "HMAC needs a key", "hmac_key");
    }
    body.check();
    return new FrontDoor(old.environment(), old.name(), old.publicKey(), key, enabled, callback);
  }

  private static ApiReply shown(FrontDoor door) {
    return ApiReply.data(
        Json.object()
            .put("name", door.name())
            .put("public_key", door.publicKey().toString())
            .put("hmac_enabled", door.hmacEnabled())
            .put("has_hmac_key", door.hmacKey() != null)
            .put("callback_url", door.callbackUrl()));
  }

  /** The body may be left out. */
  private ApiReply rotate(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    JsonNode json = request.json();
    Fields body = Fields.body(json.isNull() ? Json.object() : json);
    int overlap = body.number("overlap_hours", 0, MOST_OVERLAP_HOURS).orElse(OVERLAP_HOURS);
    body.check();
    String key = signing.rotate(caller.environment(), Duration.ofHours(overlap));
    return ApiReply.data(
        Json.object().put("webhook_signing_key", key).put("overlap_hours", overlap));
  }

  private ApiReply list(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    ArrayNode all = Json.array();
    for (ApiKeyStore.Listed key : keys.list(caller.environment())) {
      ObjectNode shown = all.addObject().put("id", key.id()).put("display_name", key.displayName());
      key.scopes().forEach(shown.putArray("scopes")::add);
      shown.put("created_at", key.createdAt().toString());
    }
    return ApiReply.data(all);
  }

  /** A key gives away no more than it may itself. */
  private ApiReply create(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    String name = body.text("display_name", TextRule.DISPLAY_NAME);
    Optional<Integer> environment = body.number("environment_id", 1, Integer.MAX_VALUE);
    if (environment.isPresent() && environment.get() != caller.environment()) {
      body.report("custom", "This key is of another environment", "environment_id");
    }
    List<String> scopes = scopes(body, caller);
    body.check();
    UUID secret = UUID.randomUUID();
    long id = keys.add(caller.environment(), name, secret, scopes);
    ObjectNode made =
        Json.object().put("id", id).put("display_name", name).put("secret", secret.toString());
    scopes.forEach(made.putArray("scopes")::add);
    return ApiReply.data(made);
  }

  /** All that the caller has, or what is asked for of it: no key makes one that may do more. */
  private static List<String> scopes(Fields body, Caller caller) {
    List<String> asked =
        body.texts("scopes", MOST_SCOPES, SCOPE).orElse(List.copyOf(caller.scopes()));
    for (int i = 0; i < asked.size(); i++) {
      if (!Scope.covered(asked.get(i), caller.scopes())) {
        body.report("custom", "This key does not have the scope itself", "scopes", i);
      }
    }
    return asked;
  }

  private ApiReply delete(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    Fields body = Fields.body(request.json());
    int id =
        body.number("id", 1, Integer.MAX_VALUE).orElseGet(() -> body.missing("id", "number", 0));
    body.check();
    if (!keys.drop(caller.environment(), id)) {
      throw ApiError.of(
          404, "not_found", "There is no such key, or it is the environment's last one");
    }
    return ApiReply.success();
  }
}

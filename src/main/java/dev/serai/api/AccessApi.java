package dev.serai.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.connection.connect.FrontDoor;
import dev.serai.connection.connect.FrontDoors;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who gets into an environment: its API keys, what pages with its public key must prove, and the
 * key that its webhooks are signed with. A new secret is shown once, in the answer that makes it.
 */
public final class AccessApi implements Resource {
  private static final TextRule URL = TextRule.matching("^https?://[^\\s?#]+$", 2_048);
  private static final TextRule HMAC_KEY = TextRule.size(8, 1_024);

  private final FrontDoors doors;
  private final ApiKeyStore keys;

  public AccessApi(FrontDoors doors, ApiKeyStore keys) {
    this.doors = doors;
    this.keys = keys;
  }

  @Override
  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint("getEnvironmentSettings", Scope.SETTINGS_READ, this::get),
        new Endpoint("setEnvironmentSettings", Scope.SETTINGS_UPDATE, this::set),
        new Endpoint("rotateSigningKey", Scope.SIGNING_KEY_ROTATE, this::rotate),
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
    FrontDoor old = doors.of(caller.environment());
    Fields body = Fields.body(request.json());
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
    doors.set(caller.environment(), key, enabled, callback);
    return shown(doors.of(caller.environment()));
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

  /**
   * From now on only the new key signs: receivers must know it before they believe another call.
   */
  private ApiReply rotate(ApiRequest request, Caller caller) {
    Fields.noQuery(request);
    String key = doors.rotateSigningKey(caller.environment());
    return ApiReply.data(Json.object().put("webhook_signing_key", key));
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
    body.check();
    UUID secret = UUID.randomUUID();
    long id = keys.add(caller.environment(), name, secret, caller.scopes());
    ObjectNode made =
        Json.object().put("id", id).put("display_name", name).put("secret", secret.toString());
    caller.scopes().forEach(made.putArray("scopes")::add);
    return ApiReply.data(made);
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

package dev.serai.api;

import java.util.regex.Pattern;

/** Finds out whose key a request carries. Thread-safe. */
public final class Authentication {
  private static final Pattern BEARER = Pattern.compile("(?i)^bearer (\\S+)$");
  private static final Pattern UUID_V4 =
      Pattern.compile("(?i)^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");

  private final ApiKeyStore keys;

  public Authentication(ApiKeyStore keys) {
    this.keys = keys;
  }

  /** The caller, or an {@link ApiError} of status 401. What is no UUID v4 is never looked up. */
  Caller caller(ApiRequest request) {
    String header =
        request
            .header("Authorization")
            .orElseThrow(() ->
                refuse(
                    "missing_auth_header",
                    "Authentication failed. The request is missing the Authorization header."));
    var bearer = BEARER.matcher(header.strip());
    if (!bearer.matches()) {
      throw refuse(
          "malformed_auth_header",
          "Authentication failed. The Authorization header is not 'Bearer <key>'.");
    }
    String key = bearer.group(1);
    if (!UUID_V4.matcher(key).matches()) {
      throw refuse("invalid_secret_key_format", "Authentication failed. The key is not a UUID v4.");
    }
    return keys.find(key)
        .orElseThrow(
            () -> refuse("unknown_account", "Authentication failed. The key is not known."));
  }

  /** 403 unless the key may do this. */
  static void require(Caller caller, Scope scope) {
    if (!caller.may(scope)) {
      throw ApiError.of(403, "forbidden", "Insufficient scope. Required: " + scope.text());
    }
  }

  private static ApiError refuse(String code, String message) {
    return ApiError.of(401, code, message);
  }
}

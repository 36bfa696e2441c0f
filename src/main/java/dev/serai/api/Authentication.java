package dev.serai.api;

import dev.serai.connection.connect.ConnectSession;
import dev.serai.connection.connect.ConnectSessions;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Finds out whose API key or connect session token a request carries. Thread-safe. */
public final class Authentication {
  private static final Pattern BEARER = Pattern.compile("(?i)^bearer (\\S+)$");
  private static final Pattern UUID_V4 =
      Pattern.compile("(?i)^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");

  private final ApiKeyStore keys;
  private final Function<String, Optional<ConnectSession>> sessions;

  /**
   * @param sessions the session of a well-formed token
   */
  public Authentication(ApiKeyStore keys, Function<String, Optional<ConnectSession>> sessions) {
    this.keys = keys;
    this.sessions = sessions;
  }

  /** The session of a token, or an {@link ApiError} of status 401. */
  static ConnectSession session(String token, Function<String, Optional<ConnectSession>> sessions) {
    if (!ConnectSessions.isToken(token)) {
      throw refuse(
          "invalid_connect_session_token_format",
          "Authentication failed. This is not a connect session token.");
    }
    return sessions
        .apply(token)
        .orElseThrow(() ->
            refuse(
                "unknown_connect_session_token",
                "Authentication failed. The connect session is not known, or its time is over."));
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
    if (ConnectSessions.looksLike(key)) {
      return Caller.of(session(key, sessions));
    }
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

  /** 403 unless the caller is of a kind that this is open to, and may do it. */
  static void require(Caller caller, Endpoint endpoint) {
    Scope scope = endpoint.scope();
    if (caller.session() != null && !endpoint.sessions()) {
      throw ApiError.of(403, "forbidden", "A connect session cannot do this: use an API key");
    }
    if (caller.session() == null && scope == null) {
      throw ApiError.of(403, "forbidden", "An API key cannot do this: use a connect session token");
    }
    if (caller.session() == null && scope != null) {
      require(caller, scope);
    }
  }

  private static ApiError refuse(String code, String message) {
    return ApiError.of(401, code, message);
  }
}

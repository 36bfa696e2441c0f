package dev.serai.sample.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;

/** The server's "no" in the words of RFC 6749 (5.2 and 4.1.2.1). Never holds a secret. */
@SuppressWarnings("serial")
public final class OAuthError extends RuntimeException {
  private final int status;
  private final String error;
  private final String description;

  OAuthError(int status, String error, String description) {
    super(description, null, false, false);
    this.status = status;
    this.error = error;
    this.description = description;
  }

  public static OAuthError invalidRequest(String description) {
    return new OAuthError(400, "invalid_request", description);
  }

  static OAuthError invalidGrant(String description) {
    return new OAuthError(400, "invalid_grant", description);
  }

  static OAuthError invalidScope(String description) {
    return new OAuthError(400, "invalid_scope", description);
  }

  public static OAuthError unsupportedGrantType() {
    return new OAuthError(
        400, "unsupported_grant_type", "grant_type is authorization_code or refresh_token");
  }

  public int status() {
    return status;
  }

  public String error() {
    return error;
  }

  public String description() {
    return description;
  }

  public ObjectNode json() {
    return Json.object().put("error", error).put("error_description", description);
  }
}

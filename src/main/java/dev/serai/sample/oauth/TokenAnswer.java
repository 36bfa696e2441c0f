package dev.serai.sample.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fresh tokens (RFC 6749, 5.1).
 *
 * @param expiresIn null: the server does not say
 */
public record TokenAnswer(
    String accessToken,
    String refreshToken,
    @Nullable Duration expiresIn,
    String scope,
    Account account) {
  public ObjectNode json() {
    ObjectNode json = Json.object().put("access_token", accessToken).put("token_type", "Bearer");
    if (expiresIn != null) {
      json.put("expires_in", expiresIn.toSeconds());
    }
    json.put("refresh_token", refreshToken).put("scope", scope);
    json.set("account", account.json());
    return json;
  }

  @Override
  public String toString() {
    return "TokenAnswer[account=%s]".formatted(account.id());
  }
}

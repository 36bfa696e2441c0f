package dev.serai.api;

import java.util.Optional;

/**
 * The check of a URL that a caller wants webhooks sent to. The door refuses forbidden addresses at
 * every delivery anyway; this tells the caller at once.
 */
public final class WebhookTargets {
  private static final TextRule URL = TextRule.size(0, 2_048);

  /** Why a URL may not be called. */
  public interface Guard {
    Optional<String> refusal(String url);
  }

  private final Guard guard;

  public WebhookTargets(Guard guard) {
    this.guard = guard;
  }

  /** The URL of the field; an empty text passes, it clears. */
  Optional<String> read(Fields body, String key) {
    Optional<String> url = body.optionalText(key, URL);
    url.ifPresent(text -> check(body, key, text));
    return url;
  }

  void check(Fields body, String key, String url) {
    if (!url.isEmpty()) {
      guard.refusal(url).ifPresent(why -> body.report("custom", "Invalid URL: " + why, key));
    }
  }
}

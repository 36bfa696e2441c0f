package dev.serai.sample;

import java.net.URI;

/**
 * Where the helpdesk tells of changes.
 *
 * @param secret that both sides know; the helpdesk signs with it
 */
public record WebhookTarget(URI url, String secret) {
  @Override
  public String toString() {
    return "WebhookTarget[url=" + url + "]";
  }
}

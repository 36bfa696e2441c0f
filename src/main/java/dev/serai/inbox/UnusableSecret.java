package dev.serai.inbox;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.provider.WebhookSpec.Encoding;

/** A webhook secret that was set cannot be the provider's: every delivery would be refused. */
final class UnusableSecret extends SeraiException {
  private static final long serialVersionUID = 1L;

  UnusableSecret(Encoding encoding) {
    super(
        "webhook_unusable_secret",
        Origin.OURS,
        "The webhook secret is not "
            + encoding
            + ": copy it again from the provider's settings, as a whole");
  }
}

package dev.serai.inbox;

import dev.serai.Origin;
import dev.serai.SeraiException;

/** A webhook secret that was set cannot be the provider's: every delivery would be refused. */
final class UnusableSecret extends SeraiException {
  private static final long serialVersionUID = 1L;

  UnusableSecret(String wanted) {
    super(
        "webhook_unusable_secret",
        Origin.OURS,
        "The webhook secret is not "
            + wanted
            + ": copy it again from the provider's settings, as a whole");
  }
}

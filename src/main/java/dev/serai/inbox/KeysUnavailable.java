package dev.serai.inbox;

import dev.serai.Origin;
import dev.serai.SeraiException;
import java.net.URI;

/** The provider's published keys cannot be fetched: nothing can be said about a delivery now. */
final class KeysUnavailable extends SeraiException {
  private static final long serialVersionUID = 1L;

  KeysUnavailable(URI keySet) {
    super(
        "webhook_keys_unavailable",
        Origin.PROVIDER,
        "The key set at " + keySet + " cannot be fetched: see whether it answers");
  }
}

package dev.serai.outbox;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Where changes are announced from. Thread-safe. */
public interface Outbox {
  /**
   * Writes the message and one delivery per endpoint into the caller's transaction; it is sent if
   * and only if that commits.
   *
   * @return the webhook-id, empty if nobody listens (no endpoint is set)
   */
  Optional<String> write(Handle transaction, OutgoingMessage message);

  /** Tells the sender that there may be something to send; only a hint, after the commit. */
  void wake();
}

package dev.serai.outbox;

import java.util.List;
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

  /** As the other, many at a time. */
  default void write(Handle transaction, List<OutgoingMessage> messages) {
    for (OutgoingMessage message : messages) {
      Optional<String> unused = write(transaction, message);
    }
  }

  /** Tells the sender that there may be something to send; only a hint, after the commit. */
  void wake();
}

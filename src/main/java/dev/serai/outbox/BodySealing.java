package dev.serai.outbox;

import org.jspecify.annotations.Nullable;

/** Keeps bodies that hold a provider's data from lying open in the database. Thread-safe. */
public interface BodySealing {
  /** Bodies lie open. */
  BodySealing OFF =
      new BodySealing() {
        @Override
        public byte @Nullable [] seal(OutgoingMessage message, String id, String body) {
          return null;
        }

        @Override
        public String open(String id, byte[] sealed) {
          throw new IllegalStateException("message " + id + " is sealed, and nothing opens it");
        }
      };

  /** Bound to the message's id; null: this one is stored as it is. */
  byte @Nullable [] seal(OutgoingMessage message, String id, String body);

  /**
   * What was sealed for this id, whatever is sealed now.
   *
   * @throws dev.serai.SeraiException if it cannot be opened
   */
  String open(String id, byte[] sealed);
}

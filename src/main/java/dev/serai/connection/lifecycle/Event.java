package dev.serai.connection.lifecycle;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What happens to a connection that its provider's routes may take part in. */
public enum Event {
  /** It was made, or has new credentials; its syncs wait for the route. */
  CREATED,
  /** Somebody is about to delete it; its credentials still work. */
  DELETING;

  /** As it stands in {@code from: connection:<provider>/created}, and as the file's name. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Event> of(String word) {
    return Stream.of(values()).filter(event -> event.word().equals(word)).findFirst();
  }
}

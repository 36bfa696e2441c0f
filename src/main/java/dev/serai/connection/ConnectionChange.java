package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks to change; null leaves a field as it is.
 *
 * @param webhookUrlOverride an empty text clears it
 * @param tags the caller's own; the generated ones are added below them
 */
public record ConnectionChange(
    @Nullable EndUser endUser,
    @Nullable ObjectNode tags,
    @Nullable ObjectNode metadata,
    @Nullable ObjectNode config,
    @Nullable String webhookUrlOverride) {

  ConnectionState on(ConnectionState old) {
    ObjectNode user = endUser == null ? old.endUser() : endUser.json();
    return new ConnectionState(
        old.connectionId(),
        user,
        tags(old, user),
        metadata == null ? old.metadata() : metadata,
        config == null ? old.config() : config,
        webhookUrlOverride == null
            ? old.webhookUrlOverride()
            : Optional.of(webhookUrlOverride).filter(url -> !url.isEmpty()).orElse(null));
  }

  private ObjectNode tags(ConnectionState old, @Nullable ObjectNode user) {
    if (tags == null && endUser == null) {
      return old.tags();
    }
    ObjectNode merged = EndUser.generatedTags(user);
    merged.setAll(tags == null ? EndUser.ownTags(old.tags()) : tags);
    return merged;
  }
}

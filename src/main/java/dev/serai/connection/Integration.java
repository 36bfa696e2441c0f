package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One use of a provider in an environment: the parent of its connections.
 *
 * @param id our row id
 * @param uniqueKey the caller's own name for it, the {@code provider_config_key} of the wire
 * @param config values that are the same for all its connections
 * @param custom the caller's own notes
 */
public record Integration(
    long id,
    int environment,
    String uniqueKey,
    String provider,
    @Nullable String displayName,
    ObjectNode config,
    ObjectNode custom,
    boolean forwardWebhooks,
    Instant createdAt,
    Instant updatedAt) {}

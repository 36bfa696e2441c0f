package dev.serai.connection;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A world of its own: keys, integrations, connections and records of one never meet another's.
 *
 * @param primaryUrl where its webhooks go; null: nobody listens
 */
public record Environment(
    int id,
    UUID uuid,
    String name,
    UUID publicKey,
    @Nullable String primaryUrl,
    @Nullable String secondaryUrl,
    boolean alwaysAnnounce,
    boolean announceFailures) {}

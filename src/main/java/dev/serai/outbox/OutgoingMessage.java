package dev.serai.outbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A webhook to be: written in the transaction of the change it tells of.
 *
 * @param connection row id, null if it concerns none
 * @param type {@code sync}, {@code auth}, …
 * @param body any key order; it is stored compact with keys sorted recursively
 * @param urlOverride sent only there instead of the environment's endpoints
 */
public record OutgoingMessage(
    int environment,
    @Nullable Long connection,
    String type,
    ObjectNode body,
    @Nullable String urlOverride) {}

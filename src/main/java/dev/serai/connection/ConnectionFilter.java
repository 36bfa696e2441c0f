package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which connections to list; null means any.
 *
 * @param search part of the connection's id or of its end user's name or address, any case
 * @param tags every one of these must be there with this value
 * @param page from 0
 */
public record ConnectionFilter(
    @Nullable String connectionId,
    @Nullable String search,
    @Nullable String endUserId,
    @Nullable String organizationId,
    @Nullable List<String> integrations,
    ObjectNode tags,
    int limit,
    int page) {}

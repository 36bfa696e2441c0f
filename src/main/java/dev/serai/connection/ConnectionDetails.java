package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A connection with all that is told of it, still without credentials.
 *
 * @param endUser {@code {id, display_name, email, tags, organization}}
 * @param tags the generated end-user tags and the caller's own
 * @param errors what is wrong with it now, {@code [{type, log_id}]}
 */
public record ConnectionDetails(
    Connection connection,
    @Nullable ObjectNode endUser,
    ObjectNode tags,
    ArrayNode errors,
    OffsetDateTime createdAt,
    OffsetDateTime updatedAt,
    @Nullable OffsetDateTime lastFetchedAt) {}

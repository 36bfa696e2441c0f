package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What applications keep on their connections; the caller has locked them. */
final class MetadataStore {
  private static final String SET_METADATA =
      """
      update connection set metadata = :metadata::jsonb, updated_at = clock_timestamp()
       where integration = :integration and connection_id = any (:ids) and deleted_at is null
      """;

  void set(Handle transaction, long integration, List<String> ids, ObjectNode metadata) {
    metadata(transaction, SET_METADATA, integration, ids, metadata);
  }

  private static final String MERGE_METADATA =
      """
      update connection
         set metadata = coalesce(metadata, '{}') || :metadata::jsonb, updated_at = clock_timestamp()
       where integration = :integration and connection_id = any (:ids) and deleted_at is null
      """;

  /** Replaces top-level keys, keeps the others. */
  void merge(Handle transaction, long integration, List<String> ids, ObjectNode metadata) {
    metadata(transaction, MERGE_METADATA, integration, ids, metadata);
  }

  private static void metadata(
      Handle transaction, String sql, long integration, List<String> ids, ObjectNode metadata) {
    transaction
        .createUpdate(sql)
        .bind("integration", integration)
        .bind("ids", ids.toArray(String[]::new))
        .bind("metadata", Json.write(metadata))
        .execute();
  }
}

package dev.serai.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.ConnectionStore;
import dev.serai.connection.Integration;
import dev.serai.database.Database;
import dev.serai.provider.WebhookSpec.Target;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Deliveries as they are taken in, and the connections they may concern. Thread-safe. */
public final class InboxStore {
  private final Database database;
  private final ConnectionStore connections;

  public InboxStore(Database database, ConnectionStore connections) {
    this.database = database;
    this.connections = connections;
  }

  private static final String ENVIRONMENT = "select id from environment where uuid = :uuid";

  Optional<Integer> environment(UUID uuid) {
    return database.read(handle ->
        handle.createQuery(ENVIRONMENT).bind("uuid", uuid).mapTo(Integer.class).findOne());
  }

  /**
   * A delivery that was proven.
   *
   * @param delivery names it within its integration
   * @param connections whose secrets proved it; null: not by connection
   */
  record Taken(
      UUID uuid, String delivery, Contents.Stored content, @Nullable List<Long> connections) {}

  private static final String TAKE =
      """
      insert into webhook_arrival (uuid, environment, integration, provider, delivery, content, sealed,
                                   connections, keep_until)
      values (:uuid, :environment, :integration, :provider, :delivery, :content, :sealed, :connections,
              clock_timestamp() + :remember * interval '1 second')
      on conflict (integration, delivery) do nothing
      """;

  private static final String AGAIN =
      """
      update webhook_arrival set state = 'arrived', attempts = 0, due_at = clock_timestamp()
       where integration = :integration and delivery = :delivery and state = 'dead'
      """;

  private static final String TASKS_AGAIN =
      """
      update webhook_task set state = 'pending', attempts = 0, due_at = clock_timestamp(), ended_at = null
       where state = 'dead'
         and arrival = (select id from webhook_arrival where integration = :integration and delivery = :delivery)
      """;

  /**
   * Commits it; false if the same delivery was taken before and nothing of it is to be done. What
   * was given up of it is done again: that is why a provider is asked to send it once more.
   */
  boolean take(Integration integration, Taken taken, Duration remember) {
    List<Long> proven = taken.connections();
    return database.inTransaction(handle -> {
      boolean fresh =
          handle
                  .createUpdate(TAKE)
                  .bind("uuid", taken.uuid())
                  .bind("environment", integration.environment())
                  .bind("integration", integration.id())
                  .bind("provider", integration.provider())
                  .bind("delivery", taken.delivery())
                  .bindBySqlType("content", taken.content().plain(), Types.BINARY)
                  .bindBySqlType("sealed", taken.content().sealed(), Types.BINARY)
                  .bind("connections", proven == null ? null : proven.toArray(Long[]::new))
                  .bind("remember", remember.toSeconds())
                  .execute()
              == 1;
      return fresh
          || again(handle, AGAIN, integration, taken)
              | again(handle, TASKS_AGAIN, integration, taken);
    });
  }

  private static boolean again(Handle handle, String update, Integration integration, Taken taken) {
    return handle
            .createUpdate(update)
            .bind("integration", integration.id())
            .bind("delivery", taken.delivery())
            .execute()
        > 0;
  }

  private static final String KNOWN =
      "select exists (select from webhook_arrival where integration = :integration and delivery = :delivery)";

  /** Whether this delivery was taken before. */
  boolean knows(Integration integration, String delivery) {
    return database.read(handle ->
        handle
            .createQuery(KNOWN)
            .bind("integration", integration.id())
            .bind("delivery", delivery)
            .mapTo(Boolean.class)
            .one());
  }

  /** A live connection, as far as handing on a delivery needs it. */
  record Named(long id, String connectionId, @Nullable String webhookUrlOverride) {}

  /** The live connections of an integration after a row id, at most so many. */
  record Range(long integration, long after, int most) {
    static Range all(long integration) {
      return new Range(integration, 0, Integer.MAX_VALUE);
    }
  }

  private static final String NAMED =
      """
      select id, connection_id, webhook_url_override from connection
       where integration = :integration and deleted_at is null and id > :after
      """;

  private static final String IN_ORDER = " order by id limit :most";

  /** All of them. */
  List<Named> all(Handle handle, Range range) {
    return found(handle.createQuery(NAMED + IN_ORDER), range);
  }

  private static final String AMONG = NAMED + "and id = any (:ids)" + IN_ORDER;

  /** Those of these that are live. */
  List<Named> among(Handle handle, Range range, List<Long> ids) {
    return found(handle.createQuery(AMONG).bind("ids", ids.toArray(Long[]::new)), range);
  }

  private static List<Named> found(Query query, Range range) {
    return query
        .bind("integration", range.integration())
        .bind("after", range.after())
        .bind("most", range.most())
        .map((row, context) -> new Named(row.getLong(1), row.getString(2), row.getString(3)))
        .list();
  }

  private static final String BY_ID = NAMED + "and connection_id = :value" + IN_ORDER;

  private static final String BY_ACCOUNT = NAMED + "and account = :value" + IN_ORDER;

  // Containment, so that an index serves it, in each form in which the value may be written.
  private static final String BY_CONFIG =
      NAMED
          + """
          and (connection_config @> :text::jsonb or connection_config @> :texts::jsonb
               or connection_config @> :number::jsonb or connection_config @> :numbers::jsonb)
          """
          + IN_ORDER;

  private static final String BY_METADATA = BY_CONFIG.replace("connection_config", "metadata");

  /** The live connections whose target is this value; none for one that nothing can be. */
  List<Named> matching(Handle handle, Range range, Target target, String value) {
    if (value.isEmpty() || value.indexOf('\0') >= 0) { // which PostgreSQL knows in no text
      return List.of();
    }
    return found(
        switch (target) {
          case Target.ConnectionId() -> handle.createQuery(BY_ID).bind("value", value);
          case Target.Account() -> handle.createQuery(BY_ACCOUNT).bind("value", value);
          case Target.Config(String field) ->
              handle.createQuery(BY_CONFIG).bindMap(forms(field, value));
          case Target.Metadata(String key) ->
              handle.createQuery(BY_METADATA).bindMap(forms(key, value));
        },
        range);
  }

  /** As the other, whole. */
  List<Connection> matching(long integration, Target target, String value) {
    return database.read(handle -> matching(handle, Range.all(integration), target, value)).stream()
        .flatMap(found -> connections.find(found.id()).stream())
        .toList();
  }

  private static Map<String, String> forms(String key, String value) {
    JsonNode text = TextNode.valueOf(value);
    JsonNode number =
        value.matches("-?(0|[1-9][0-9]{0,17})") ? LongNode.valueOf(Long.parseLong(value)) : text;
    return Map.of(
        "text", Json.write(Json.object().set(key, text)),
        "texts", Json.write(Json.object().set(key, Json.array().add(text))),
        "number", Json.write(Json.object().set(key, number)),
        "numbers", Json.write(Json.object().set(key, Json.array().add(number))));
  }
}

package dev.serai.outbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The SQL of messages, deliveries and attempts. */
final class OutboxStore {
  private final BodySealing sealing;

  OutboxStore(BodySealing sealing) {
    this.sealing = sealing;
  }

  private static final String ENDPOINTS =
      "select primary_url, secondary_url from environment where id = :environment";

  /** Where an environment's webhooks go; empty if nobody listens. */
  List<String> endpoints(Handle handle, int environment) {
    return handle
        .createQuery(ENDPOINTS)
        .bind("environment", environment)
        .map((row, context) -> Stream.of(url(row.getString(1)), url(row.getString(2))))
        .one()
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  private static Optional<String> url(@Nullable String text) {
    return Optional.ofNullable(text).filter(url -> !url.isBlank());
  }

  private static final String INSERT_MESSAGE =
      """
      insert into message (id, environment, connection, type, body, sealed, headers)
      values (:id, :environment, :connection, :type, :body, :sealed, :headers::jsonb)
      """;

  /** A message and where it goes. */
  record Addressed(String id, OutgoingMessage message, List<String> urls) {}

  /** Writes them with their deliveries, in two round trips however many they are. */
  void insert(Handle handle, List<Addressed> all) {
    if (all.isEmpty()) {
      return;
    }
    PreparedBatch messages = handle.prepareBatch(INSERT_MESSAGE);
    PreparedBatch deliveries = handle.prepareBatch(INSERT_DELIVERY);
    for (Addressed one : all) {
      add(messages, one.id(), one.message());
      one.urls().forEach(url -> deliveries.bind("message", one.id()).bind("url", url).add());
    }
    messages.execute();
    deliveries.execute();
  }

  private void add(PreparedBatch messages, String id, OutgoingMessage message) {
    String body = WebhookBody.of(message.body());
    byte[] sealed = sealing.seal(message, id, body);
    messages
        .bind("id", id)
        .bind("environment", message.environment())
        .bind("connection", message.connection())
        .bind("type", message.type())
        .bind("body", sealed == null ? body : null)
        .bindBySqlType("sealed", sealed, Types.BINARY)
        .bind("headers", message.headers().isEmpty() ? null : text(message.headers()))
        .add();
  }

  private static String text(Map<String, String> headers) {
    ObjectNode json = Json.object();
    headers.forEach(json::put);
    return Json.write(json);
  }

  private static final String INSERT_DELIVERY =
      "insert into delivery (message, url) values (:message, :url)";

  // The sub-select makes the time a constant: an index serves no volatile function. The predicate
  // stands on the locked table itself, so PostgreSQL checks it again once it holds the lock.
  private static final String CLAIM =
      """
      with due as (
        select id from delivery
        where state = 'pending' and due_at <= (select clock_timestamp())
        order by due_at, id
        limit :most
        for update skip locked
      )
      update delivery d
      set lease_token = gen_random_uuid(),
          due_at = clock_timestamp() + :lease * interval '1 millisecond'
      from due, message m
      where d.id = due.id and m.id = d.message
      returning d.id, m.id as message, m.environment, d.url, m.body, m.sealed, m.headers::text as headers,
        d.attempts, d.lease_token
      """;

  /**
   * Leases what is due. The lease is the due time itself, moved ahead: when it passes without a
   * booked result, the delivery is simply due again.
   */
  List<Delivery> claim(Handle handle, int most, Duration lease) {
    return handle
        .createQuery(CLAIM)
        .bind("most", most)
        .bind("lease", lease.toMillis())
        .map((row, context) ->
            new Delivery(
                row.getLong("id"),
                row.getString("message"),
                row.getInt("environment"),
                row.getString("url"),
                content(row),
                headers(row.getString("headers")),
                row.getInt("attempts"),
                row.getObject("lease_token", UUID.class)))
        .list();
  }

  private Supplier<String> content(ResultSet row) throws SQLException {
    byte[] sealed = row.getBytes("sealed");
    String message = row.getString("message");
    String body = row.getString("body");
    return () -> sealed == null ? body : sealing.open(message, sealed);
  }

  private static Map<String, String> headers(@Nullable String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (text != null) {
      Json.parse(text).properties().forEach(e -> headers.put(e.getKey(), e.getValue().asText()));
    }
    return headers;
  }

  private static final String BOOK =
      """
      update delivery
      set state = :state, attempts = attempts + 1, lease_token = null,
          due_at = clock_timestamp() + :wait * interval '1 millisecond',
          ended_at = case when :state = 'pending' then null else clock_timestamp() end
      where id = :id and lease_token = :lease and state = 'pending'
      """;

  /** False if the lease is not ours any more. */
  boolean book(Handle handle, Delivery delivery, String state, Duration wait) {
    return handle
            .createUpdate(BOOK)
            .bind("state", state)
            .bind("wait", wait.toMillis())
            .bind("id", delivery.id())
            .bind("lease", delivery.lease())
            .execute()
        == 1;
  }

  private static final String INSERT_ATTEMPT =
      """
      insert into attempt (delivery, number, took_ms, status, error)
      values (:delivery, :number, :took, :status, :error)
      """;

  void insertAttempt(Handle handle, Delivery delivery, Answered answered) {
    var insert =
        handle
            .createUpdate(INSERT_ATTEMPT)
            .bind("delivery", delivery.id())
            .bind("number", delivery.tries() + 1)
            .bind("took", answered.took().toMillis());
    switch (answered) {
      case Answered.Status status ->
          insert.bind("status", status.status()).bindNull("error", java.sql.Types.VARCHAR);
      case Answered.Nothing nothing ->
          insert.bindNull("status", java.sql.Types.INTEGER).bind("error", nothing.error());
    }
    insert.execute();
  }

  private static final String RELEASE =
      """
      update delivery set lease_token = null, due_at = clock_timestamp()
      where id = :id and lease_token = :lease and state = 'pending'
      """;

  /** Gives a lease back untried. */
  void release(Handle handle, Delivery delivery) {
    handle
        .createUpdate(RELEASE)
        .bind("id", delivery.id())
        .bind("lease", delivery.lease())
        .execute();
  }
}

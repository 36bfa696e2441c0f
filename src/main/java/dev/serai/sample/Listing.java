package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One list of tickets, whatever the style it is paged in.
 *
 * @param byChange ordered by {@code updated_at} and id, else by id
 * @param since only tickets changed then or later
 * @param after only tickets behind this place in the order
 */
record Listing(
    boolean byChange,
    boolean ascending,
    @Nullable Instant since,
    @Nullable String state,
    @Nullable Place after,
    long skip,
    int limit) {
  static final int DEFAULT_LIMIT = 100;
  static final int MOST = 10_000;

  /** A place in either order. */
  record Place(Instant updatedAt, long id) {}

  /** The tickets asked for, and whether more follow. */
  record Page(List<Ticket> tickets, boolean more) {}

  /**
   * Reads {@code sort=updated_at|created_at|id}, {@code order}, {@code updated_since}, {@code
   * state} and {@code limit}. A limit above {@link #MOST} is lowered without a word.
   *
   * @throws Refusal 422 if one of them makes no sense
   */
  static Listing of(Request request) {
    return of(request, request.number("limit", DEFAULT_LIMIT, 1, MOST));
  }

  static Listing of(Request request, int limit) {
    String sort = request.parameter("sort").orElse("updated_at");
    require(
        List.of("updated_at", "created_at", "id").contains(sort), "sort", "is not a sort field");
    String order = request.parameter("order").orElse("asc");
    require(List.of("asc", "desc").contains(order), "order", "is neither asc nor desc");
    String state = request.parameter("state").orElse(null);
    require(state == null || Ticket.STATES.contains(state), "state", "is not a state");
    Instant since = request.parameter("updated_since").map(Listing::time).orElse(null);
    return new Listing(
        sort.equals("updated_at"), order.equals("asc"), since, state, null, 0, limit);
  }

  static Instant time(String text) {
    return Times.parse(text)
        .orElseThrow(
            () -> new Refusal(422, "updated_since", "is not a time like 2026-12-31T23:59:59Z"));
  }

  private static void require(boolean valid, String field, String message) {
    if (!valid) {
      throw new Refusal(422, field, message);
    }
  }

  Listing skipping(long changed) {
    return new Listing(byChange, ascending, since, state, after, changed, limit);
  }

  Listing after(@Nullable Place changed) {
    return new Listing(byChange, ascending, since, state, changed, skip, limit);
  }

  Listing limited(int changed) {
    return new Listing(byChange, ascending, since, state, after, skip, changed);
  }

  Page page(Truth truth) {
    List<Ticket> found =
        truth.read(orders -> matching(orders).skip(skip).limit(limit + 1L).toList());
    boolean more = found.size() > limit;
    return new Page(more ? found.subList(0, limit) : found, more);
  }

  long total(Truth truth) {
    return truth.read(orders -> after(null).matching(orders).count());
  }

  private Stream<Ticket> matching(Truth.Orders orders) {
    Collection<Ticket> from = byChange ? fromChange(orders) : fromId(orders);
    return from.stream()
        .filter(ticket -> since == null || !ticket.updatedAt().isBefore(since))
        .filter(ticket -> state == null || ticket.state().equals(state));
  }

  private Collection<Ticket> fromChange(Truth.Orders orders) {
    var ordered = ascending ? orders.byChange() : orders.byChange().descendingSet();
    if (after != null) {
      return ordered.tailSet(marker(after.updatedAt(), after.id()), false);
    }
    return since != null && ascending ? ordered.tailSet(marker(since, 0), true) : ordered;
  }

  private Collection<Ticket> fromId(Truth.Orders orders) {
    var ordered = ascending ? orders.byId() : orders.byId().descendingMap();
    return after == null ? ordered.values() : ordered.tailMap(after.id(), false).values();
  }

  private static Ticket marker(Instant updatedAt, long id) {
    return new Ticket(
        id,
        "",
        null,
        "",
        0,
        "",
        null,
        null,
        null,
        List.of(),
        null,
        java.math.BigDecimal.ZERO,
        0,
        updatedAt,
        updatedAt,
        null);
  }

  /** An opaque token that holds the whole listing and the place behind this ticket. */
  String token(Ticket last) {
    ObjectNode token = Json.object();
    token.put("c", byChange).put("a", ascending).put("s", state);
    token.put("f", since == null ? null : Times.text(since));
    token.put("u", Times.text(last.updatedAt())).put("i", last.id());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Bodies.of(token));
  }

  /**
   * @throws Refusal 422 if the token is not one of ours
   */
  static Listing fromToken(String text, int limit) {
    try {
      JsonNode token = Json.parse(Base64.getUrlDecoder().decode(text));
      Place place = new Place(time(token.path("u").asText()), token.path("i").asLong());
      return new Listing(
          token.path("c").asBoolean(),
          token.path("a").asBoolean(),
          token.path("f").isTextual() ? time(token.path("f").asText()) : null,
          token.path("s").isTextual() ? token.path("s").asText() : null,
          place,
          0,
          limit);
    } catch (IOException | IllegalArgumentException e) {
      throw new Refusal(422, "cursor", "is not a cursor of this list");
    }
  }

  /** For requests whose parameters stand in a JSON body. */
  static Request asQuery(Request request, JsonNode parameters) {
    java.util.Map<String, String> query = new java.util.LinkedHashMap<>();
    parameters.properties().stream()
        .filter(entry -> entry.getValue().isValueNode() && !entry.getValue().isNull())
        .forEach(entry -> query.put(entry.getKey(), entry.getValue().asText()));
    return new Request(
        request.method(),
        request.path(),
        query,
        request.body(),
        request.target() + " " + new String(request.body(), StandardCharsets.UTF_8),
        request.headers(),
        request.fault());
  }
}

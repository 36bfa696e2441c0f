package dev.serai.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The same tickets in every style that real APIs page in. All take {@code updated_since}, {@code
 * state}, {@code sort}, {@code order}. Offset and page lists move under the reader, as real ones
 * do; cursor and keyset lists do not.
 */
final class TicketLists {
  private final Renderings renderings = new Renderings();
  private final Truth truth;
  private final Supplier<String> base;

  /**
   * @param base where the simulator listens, for absolute links
   */
  TicketLists(Truth truth, Supplier<String> base) {
    this.truth = truth;
    this.base = base;
  }

  /** {@code cursor}, {@code limit} → {@code next_cursor}, {@code has_more}. */
  Answer byCursor(Request request) {
    int limit = limit(request, "limit");
    String given = request.parameter("cursor").orElse(null);
    Listing listing = given == null ? Listing.of(request, limit) : Listing.fromToken(given, limit);
    Listing.Page page = listing.page(truth);
    String next = next(request, listing, page, given);
    return page(
        request,
        page.tickets(),
        json -> {
          json.writeStringField("next_cursor", next);
          json.writeBooleanField("has_more", next != null);
        });
  }

  private static @Nullable String next(
      Request request, Listing listing, Listing.Page page, @Nullable String given) {
    if (request.fault().is(Fault.Kind.REPEATED_CURSOR)) {
      return given == null ? listing.token(page.tickets().getFirst()) : given;
    }
    return page.more() ? listing.token(page.tickets().getLast()) : null;
  }

  /** {@code offset}, {@code limit} → {@code total}. */
  Answer byOffset(Request request) {
    int offset = request.number("offset", 0, 0, Integer.MAX_VALUE);
    Listing listing = Listing.of(request, limit(request, "limit"));
    return page(
        request,
        listing.skipping(offset).page(truth).tickets(),
        json -> {
          json.writeNumberField("offset", offset);
          json.writeNumberField("limit", listing.limit());
          json.writeNumberField("total", listing.total(truth));
        });
  }

  /** {@code page} from 1, {@code per_page} → {@code total}, {@code total_pages}. */
  Answer byPage(Request request) {
    int number = request.number("page", 1, 1, Integer.MAX_VALUE);
    Listing listing = Listing.of(request, limit(request, "per_page"));
    long total = listing.total(truth);
    return page(
        request,
        listing.skipping((number - 1L) * listing.limit()).page(truth).tickets(),
        json -> {
          json.writeNumberField("page", number);
          json.writeNumberField("total", total);
          json.writeNumberField("total_pages", Math.ceilDiv(total, (long) listing.limit()));
        });
  }

  /** A bare array; the next page's address is in the {@code Link} header. */
  Answer byLinkHeader(Request request) {
    Linked linked = linked(request);
    Answer answer = Answer.json(200, array(shown(request, linked.page().tickets())));
    String next = linked.next();
    return next == null
        ? answer
        : answer.with(
            "Link", "<" + base.get() + next + ">; rel=\"next\", <" + base.get() + "/>; rel=\"up\"");
  }

  /** {@code links.next}: the next page's address, in the body. */
  Answer byLinkInBody(Request request) {
    Linked linked = linked(request);
    String next = linked.next();
    return page(
        request,
        linked.page().tickets(),
        json -> {
          json.writeObjectFieldStart("links");
          json.writeStringField("next", next == null ? null : base.get() + next);
          json.writeEndObject();
        });
  }

  private record Linked(Listing.Page page, @Nullable String next) {}

  private Linked linked(Request request) {
    int limit = limit(request, "limit");
    String given = request.parameter("cursor").orElse(null);
    Listing listing = given == null ? Listing.of(request, limit) : Listing.fromToken(given, limit);
    Listing.Page page = listing.page(truth);
    String token = next(request, listing, page, given);
    if (token == null) {
      return new Linked(page, null);
    }
    Map<String, String> query = new java.util.LinkedHashMap<>(request.query());
    query.put("cursor", token);
    return new Linked(page, request.path() + "?" + encode(query));
  }

  private static String encode(Map<String, String> query) {
    return query.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /** Ordered by id; {@code after_id} is the last id of the page before. */
  Answer byKeyset(Request request) {
    String after = request.parameter("after_id").orElse("0");
    if (!after.matches("\\d{1,18}")) {
      throw new Refusal(422, "after_id", "is not an id");
    }
    Listing asked = Listing.of(request, limit(request, "limit"));
    Listing byId = new Listing(false, true, asked.since(), asked.state(), null, 0, asked.limit());
    Listing.Place place = new Listing.Place(java.time.Instant.EPOCH, Long.parseLong(after));
    return page(request, byId.after(place).page(truth).tickets(), json -> {});
  }

  /** Everything in one answer. */
  Answer all(Request request) {
    Listing everything = Listing.of(request, Integer.MAX_VALUE - 1);
    return page(request, everything.page(truth).tickets(), json -> {});
  }

  /** {@code POST}: the page style with its parameters in the body. */
  Answer search(Request request) {
    return byPage(Listing.asQuery(request, request.json()));
  }

  /** {@code POST}: a connection with {@code nodes} and {@code pageInfo}, errors with status 200. */
  Answer graphql(Request request) {
    JsonNode sent = request.json();
    if (!sent.path("query").asText().contains("tickets")) {
      return Answer.json(200, graphqlError("the query selects nothing that is known"));
    }
    ObjectNode variables = sent.withObject("/variables");
    int limit =
        request.fault().is(Fault.Kind.BIG_PAGE)
            ? bigPage(request)
            : variables.path("first").asInt(100);
    String after = variables.path("after").asText("");
    Listing listing =
        after.isEmpty() || after.equals("null")
            ? Listing.of(
                Listing.asQuery(
                    request, Json.object().set("updated_since", variables.path("updatedSince"))),
                limit)
            : Listing.fromToken(after, limit);
    Listing.Page page = listing.page(truth);
    String end = page.tickets().isEmpty() ? null : listing.token(page.tickets().getLast());
    boolean repeats = request.fault().is(Fault.Kind.REPEATED_CURSOR);
    return Answer.json(
        200,
        Bodies.write(json -> {
          json.writeStartObject();
          json.writeObjectFieldStart("data");
          json.writeObjectFieldStart("tickets");
          writeAll(json, "nodes", shown(request, page.tickets()));
          json.writeObjectFieldStart("pageInfo");
          json.writeBooleanField("hasNextPage", repeats || page.more());
          json.writeStringField("endCursor", repeats && !after.isEmpty() ? after : end);
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
          json.writeEndObject();
        }));
  }

  private static ObjectNode graphqlError(String message) {
    ObjectNode body = Json.object();
    body.putNull("data");
    body.putArray("errors").addObject().put("message", message);
    return body;
  }

  private static int limit(Request request, String name) {
    return request.fault().is(Fault.Kind.BIG_PAGE)
        ? bigPage(request)
        : request.number(name, Listing.DEFAULT_LIMIT, 1, Listing.MOST);
  }

  private static int bigPage(Request request) {
    return request.fault().option("records", 10_000);
  }

  private static List<Ticket> shown(Request request, List<Ticket> tickets) {
    return request.fault().is(Fault.Kind.HIDDEN_PAGE) ? List.of() : tickets;
  }

  private Answer page(Request request, List<Ticket> tickets, Bodies.Writing rest) {
    Objects.requireNonNull(rest);
    return Answer.json(
        200,
        Bodies.write(json -> {
          json.writeStartObject();
          writeAll(json, "tickets", shown(request, tickets));
          rest.to(json);
          json.writeEndObject();
        }));
  }

  private byte[] array(List<Ticket> tickets) {
    return Bodies.write(json -> {
      json.writeStartArray();
      for (Ticket ticket : tickets) {
        renderings.write(ticket, json);
      }
      json.writeEndArray();
    });
  }

  private void writeAll(JsonGenerator json, String name, List<Ticket> tickets) throws IOException {
    json.writeArrayFieldStart(name);
    for (Ticket ticket : tickets) {
      renderings.write(ticket, json);
    }
    json.writeEndArray();
  }
}

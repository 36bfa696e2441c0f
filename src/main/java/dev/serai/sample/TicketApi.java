package dev.serai.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The helpdesk's public API behind its key: single tickets, comments, people, and the lists. */
final class TicketApi {
  private static final Pattern ONE = Pattern.compile("/v1/tickets/(\\d{1,18})(/comments)?");

  private final Truth truth;
  private final TicketLists lists;
  private final TicketInput input;

  TicketApi(Truth truth, Supplier<String> base) {
    this.truth = truth;
    this.lists = new TicketLists(truth, base);
    this.input = new TicketInput(truth);
  }

  /** True for requests that walk a list: the ones during which a moving list moves. */
  static boolean isList(Request request) {
    return request.path().equals("/graphql")
        || (request.path().startsWith("/v1/")
            && !ONE.matcher(request.path()).matches()
            && !request.path().equals("/v1/me"));
  }

  /**
   * @throws Refusal for anything the helpdesk says no to
   */
  Answer answer(Request request) {
    Matcher one = ONE.matcher(request.path());
    if (one.matches()) {
      long id = Long.parseLong(one.group(1));
      return one.group(2) == null ? ticket(request, id) : comments(request, id);
    }
    return switch (request.method() + " " + request.path()) {
      case "GET /v1/me" -> Answer.json(200, truth.users().getFirst());
      case "DELETE /v1/grant" -> Answer.empty(204); // the key is everybody's
      case "GET /v1/users" -> small(request, "users", truth.users());
      case "GET /v1/projects" -> small(request, "projects", truth.projects());
      case "GET /v1/tickets" -> lists.byCursor(request);
      case "GET /v1/tickets/by-offset" -> lists.byOffset(request);
      case "GET /v1/tickets/by-page" -> lists.byPage(request);
      case "GET /v1/tickets/by-link" -> lists.byLinkHeader(request);
      case "GET /v1/tickets/by-next-url" -> lists.byLinkInBody(request);
      case "GET /v1/tickets/by-keyset" -> lists.byKeyset(request);
      case "GET /v1/tickets/all" -> lists.all(request);
      case "POST /v1/tickets/search" -> lists.search(request);
      case "POST /graphql" -> lists.graphql(request);
      case "POST /v1/tickets" -> Answer.json(201, input.create(request.json()).json());
      default -> throw Refusal.notFound("path");
    };
  }

  private Answer ticket(Request request, long id) {
    return switch (request.method()) {
      case "GET" -> {
        Ticket found = truth.find(id);
        if (found == null) {
          throw Refusal.notFound("ticket");
        }
        yield Answer.json(200, found.json());
      }
      case "PATCH" -> Answer.json(200, input.update(id, request.json()).json());
      case "DELETE" -> {
        if (!truth.delete(id)) {
          throw Refusal.notFound("ticket");
        }
        yield Answer.empty(204);
      }
      default -> throw new Refusal(405, "method", "is not allowed here");
    };
  }

  private Answer comments(Request request, long ticket) {
    if (request.method().equals("GET")) {
      if (truth.find(ticket) == null) {
        throw Refusal.notFound("ticket");
      }
      return small(request, "comments", truth.comments(ticket));
    }
    if (!request.method().equals("POST")) {
      throw new Refusal(405, "method", "is not allowed here");
    }
    ObjectNode added = truth.comment(ticket, comment(request.json()));
    if (added == null) {
      throw Refusal.notFound("ticket");
    }
    return Answer.json(201, added);
  }

  private ObjectNode comment(JsonNode sent) {
    if (!sent.path("body").isTextual() || sent.path("body").asText().isBlank()) {
      throw new Refusal(422, "body", "can't be blank");
    }
    long author = sent.path("author_id").asLong(1);
    if (!Truth.has(truth.users(), author)) {
      throw new Refusal(422, "author_id", "does not exist");
    }
    return Json.object()
        .put("body", sent.path("body").asText())
        .put("author_id", author)
        .put("internal", sent.path("internal").asBoolean(false));
  }

  /** Short lists: {@code page} and {@code per_page} with {@code total_pages}. */
  private static Answer small(Request request, String name, List<ObjectNode> all) {
    int size = request.number("per_page", 50, 1, 100);
    int page = request.number("page", 1, 1, Integer.MAX_VALUE);
    ObjectNode body = Json.object();
    var shown = body.putArray(name);
    if (!request.fault().is(Fault.Kind.HIDDEN_PAGE)) {
      all.stream().skip((page - 1L) * size).limit(size).forEach(shown::add);
    }
    body.put("page", page).put("total", all.size());
    body.put("total_pages", Math.ceilDiv(all.size(), size));
    return Answer.json(200, body);
  }
}

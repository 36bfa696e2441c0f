package dev.serai.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is really so at the simulated helpdesk. Everything it serves is a view of this, and tests
 * compare with it. In memory only; every method is one atomic step.
 */
final class Truth {
  private final InstantSource clock;
  private final NavigableMap<Long, Ticket> byId = new TreeMap<>();
  private final NavigableSet<Ticket> byChange = new TreeSet<>(Ticket.BY_CHANGE);
  private final Map<Long, List<ObjectNode>> comments = new HashMap<>();
  private final List<ObjectNode> users;
  private final List<ObjectNode> projects;
  private final BiConsumer<String, Ticket> told;
  private long lastTicket;
  private long lastComment;

  /**
   * @param told of every change while it is made, in order: {@code ticket.created}, {@code
   *     ticket.updated}, {@code ticket.deleted}; must return at once
   */
  Truth(SeedData seed, InstantSource clock, BiConsumer<String, Ticket> told) {
    this.clock = clock;
    this.told = told;
    this.users = seed.users();
    this.projects = seed.projects();
    seed.tickets(this::put);
  }

  private void put(Ticket ticket) {
    Ticket previous = byId.put(ticket.id(), ticket);
    if (previous != null) {
      byChange.remove(previous);
    }
    byChange.add(ticket);
    lastTicket = Math.max(lastTicket, ticket.id());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  synchronized @Nullable Ticket find(long id) {
    return byId.get(id);
  }

  synchronized int count() {
    return byId.size();
  }

  /** Hands out the next id and the time; stores what is built from them. */
  synchronized Ticket insert(Creation creation) {
    Ticket ticket = creation.at(lastTicket + 1, now());
    put(ticket);
    told.accept("ticket.created", ticket);
    return ticket;
  }

  /** Builds a new ticket from its id and time of creation. */
  interface Creation {
    Ticket at(long id, Instant now);
  }

  /** Changes a ticket and its time of change; null if it does not exist. */
  synchronized @Nullable Ticket edit(long id, UnaryOperator<Ticket> change) {
    Ticket before = byId.get(id);
    if (before == null) {
      return null;
    }
    Ticket after = TicketChange.touched(change.apply(before), now());
    put(after);
    told.accept("ticket.updated", after);
    return after;
  }

  /** Gone without a trace, as at most providers: later reads simply do not have it. */
  synchronized boolean delete(long id) {
    Ticket gone = byId.remove(id);
    if (gone == null) {
      return false;
    }
    byChange.remove(gone);
    comments.remove(id);
    told.accept("ticket.deleted", gone);
    return true;
  }

  /** Adds a comment, which also changes the ticket's count and time. Null if there is no ticket. */
  synchronized @Nullable ObjectNode comment(long ticket, ObjectNode comment) {
    if (edit(ticket, TicketChange::commented) == null) {
      return null;
    }
    comment.put("id", ++lastComment);
    comment.put("ticket_id", ticket);
    comment.put("created_at", Times.text(now()));
    comments.computeIfAbsent(ticket, id -> new ArrayList<>()).add(comment);
    return comment.deepCopy();
  }

  synchronized List<ObjectNode> comments(long ticket) {
    return comments.getOrDefault(ticket, List.of()).stream().map(ObjectNode::deepCopy).toList();
  }

  /** Runs a read over both orders of the tickets while nothing changes. */
  synchronized <T> T read(Function<Orders, T> reading) {
    return reading.apply(new Orders(byId, byChange));
  }

  /** The tickets by id (which is also by creation) and by change. */
  record Orders(NavigableMap<Long, Ticket> byId, NavigableSet<Ticket> byChange) {}

  List<ObjectNode> users() {
    return users;
  }

  List<ObjectNode> projects() {
    return projects;
  }

  static boolean has(Collection<ObjectNode> all, long id) {
    return all.stream().anyMatch(one -> one.path("id").asLong() == id);
  }

  /** Every live ticket by id, as the API would show it. */
  synchronized ObjectNode snapshot() {
    ObjectNode all = Json.object();
    byId.forEach((id, ticket) -> all.set(Long.toString(id), ticket.tree()));
    return all;
  }

  synchronized List<Long> ids() {
    return Stream.ofNullable(byId.keySet()).flatMap(Collection::stream).toList();
  }
}

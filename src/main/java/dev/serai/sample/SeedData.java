package dev.serai.sample;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The helpdesk's past, the same for the same seed: tickets come in small bulk imports that share
 * one time of change, so that a page often ends in the middle of equal times.
 */
record SeedData(long seed, int tickets) {
  private static final Instant OPENED = Instant.parse("2026-01-05T08:00:00Z");
  private static final Duration PAST = Duration.ofDays(280);
  private static final List<String> THINGS =
      List.of("Invoice", "Login", "Export", "Calendar", "Import", "Printer", "Report", "Webhook");
  private static final List<String> TROUBLES =
      List.of("fails", "is empty", "looks wrong", "takes long", "is missing", "sends twice");
  private static final List<String> NAMES =
      List.of("Amina", "Bo", "Chidi", "Daria", "Emre", "Farah", "Goran", "Hana", "Ilse", "João");
  private static final List<String> PROJECTS =
      List.of("Billing", "Mobile app", "Website", "Warehouse");

  List<ObjectNode> users() {
    List<ObjectNode> users = new ArrayList<>();
    for (String name : NAMES) {
      int id = users.size() + 1;
      users.add(
          Json.object()
              .put("id", id)
              .put("name", name)
              .put("email", "user" + id + "@helpdesk.example")
              .put("role", id <= 2 ? "admin" : "agent")
              .put("active", id != NAMES.size()));
    }
    return users;
  }

  List<ObjectNode> projects() {
    List<ObjectNode> projects = new ArrayList<>();
    for (String name : PROJECTS) {
      int id = projects.size() + 1;
      ObjectNode project = Json.object().put("id", id).put("name", name);
      project.put("description", "Everything about: " + name);
      if (id == PROJECTS.size()) {
        project.put("parent_id", 1);
      } else {
        project.putNull("parent_id");
      }
      projects.add(project);
    }
    return projects;
  }

  void tickets(Consumer<Ticket> put) {
    Random random = new Random(seed);
    Duration step = PAST.dividedBy(Math.max(1, tickets));
    Instant bulk = OPENED;
    for (int id = 1; id <= tickets; id++) {
      if (random.nextInt(4) == 0) {
        bulk = OPENED.plus(step.multipliedBy(id));
      }
      put.accept(ticket(random, id, bulk));
    }
  }

  /** An invented ticket, created and changed at this time. */
  static Ticket ticket(Random random, long id, Instant at) {
    Instant stamp = Instant.ofEpochMilli(at.toEpochMilli());
    String state = pick(random, Ticket.STATES);
    String subject = pick(random, THINGS) + " " + pick(random, TROUBLES);
    return new Ticket(
        id,
        subject,
        "Seen by a customer: " + subject.toLowerCase(java.util.Locale.ROOT) + " (no. " + id + ")",
        state,
        1 + random.nextInt(4),
        pick(random, Ticket.KINDS),
        random.nextInt(5) == 0 ? null : (Long) (1L + random.nextInt(NAMES.size())),
        1L + random.nextInt(NAMES.size()),
        1L + random.nextInt(PROJECTS.size()),
        random.nextBoolean()
            ? List.of(pick(random, THINGS).toLowerCase(java.util.Locale.ROOT))
            : List.of(),
        random.nextInt(3) == 0 ? LocalDate.ofInstant(at, ZoneOffset.UTC).plusDays(14) : null,
        BigDecimal.valueOf(random.nextInt(100) * 10L, 2),
        0,
        stamp,
        stamp,
        state.equals("solved") ? stamp : null);
  }

  private static String pick(Random random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }
}

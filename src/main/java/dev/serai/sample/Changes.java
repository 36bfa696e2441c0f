package dev.serai.sample;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.Json;
import java.util.List;
import java.util.Random;

/**
 * Life at the helpdesk: invented edits, new tickets and deletions, drawn from the seed. Used on
 * demand, by the clock ({@link Simulator}) and while a list is being paged. Thread-safe.
 */
final class Changes {
  private final Truth truth;
  private final Random random;
  private Drift drift = Drift.NONE;
  private int sinceDrift;

  /** After every so many list requests, so many changes; at most so often. */
  record Drift(int every, int edits, int inserts, int deletes, int times) {
    static final Drift NONE = new Drift(0, 0, 0, 0, 0);
  }

  Changes(Truth truth, long seed) {
    this.truth = truth;
    this.random = new Random(seed);
  }

  synchronized ArrayNode edit(int count) {
    ArrayNode changed = Json.array();
    List<Long> ids = truth.ids();
    for (int i = 0; i < count && !ids.isEmpty(); i++) {
      long id = ids.get(random.nextInt(ids.size()));
      String state = Ticket.STATES.get(random.nextInt(Ticket.STATES.size()));
      int priority = 1 + random.nextInt(4);
      String subject = "Changed " + random.nextInt(1_000_000);
      truth.edit(
          id,
          ticket ->
              TicketChange.apply(
                  ticket,
                  Json.object()
                      .put("state", state)
                      .put("priority", priority)
                      .put("subject", subject)));
      changed.add(id);
    }
    return changed;
  }

  synchronized ArrayNode insert(int count) {
    ArrayNode inserted = Json.array();
    for (int i = 0; i < count; i++) {
      inserted.add(truth.insert((id, now) -> SeedData.ticket(random, id, now)).id());
    }
    return inserted;
  }

  synchronized ArrayNode delete(int count) {
    ArrayNode deleted = Json.array();
    for (int i = 0; i < count; i++) {
      List<Long> ids = truth.ids();
      if (!ids.isEmpty()) {
        long id = ids.get(random.nextInt(ids.size()));
        truth.delete(id);
        deleted.add(id);
      }
    }
    return deleted;
  }

  synchronized void drift(Drift changed) {
    drift = changed;
    sinceDrift = 0;
  }

  /** Called after each list request. */
  synchronized void listed() {
    if (drift.times() > 0 && ++sinceDrift >= drift.every()) {
      sinceDrift = 0;
      drift =
          new Drift(
              drift.every(), drift.edits(), drift.inserts(), drift.deletes(), drift.times() - 1);
      delete(drift.deletes());
      insert(drift.inserts());
      edit(drift.edits());
    }
  }

  /** One thing that happens on an ordinary day. */
  synchronized void live() {
    int dice = random.nextInt(10);
    List<Long> ids = truth.ids();
    if (dice < 6) {
      edit(1);
    } else if (dice < 8 && !ids.isEmpty()) {
      truth.comment(
          ids.get(random.nextInt(ids.size())),
          Json.object().put("body", "Any news?").put("author_id", 3).put("internal", false));
    } else if (dice < 9) {
      insert(1);
    } else if (ids.size() > 10) {
      delete(1);
    }
  }
}

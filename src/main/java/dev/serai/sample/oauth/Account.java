package dev.serai.sample.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who can sign in to the simulated helpdesk. There are three, and they have no password.
 */
public record Account(String id, String name) {
  public static final List<Account> ALL =
      List.of(
          new Account("alice", "Alice Abara"),
          new Account("bob", "Bob Brandt"),
          new Account("carol", "Carol Chen"));

  public static Optional<Account> of(String id) {
    return ALL.stream().filter(one -> one.id.equals(id)).findFirst();
  }

  public String email() {
    return id + "@helpdesk.example";
  }

  /** {@code {"id", "name"}}, as the answer with the tokens names whose they are. */
  public ObjectNode json() {
    return Json.object().put("id", id).put("name", name);
  }

  /** As {@code /v1/me} shows it. */
  public ObjectNode me() {
    return json().put("email", email()).put("role", "admin").put("active", true);
  }
}

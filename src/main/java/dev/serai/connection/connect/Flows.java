package dev.serai.connection.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.Database;
import dev.serai.vault.KeyHash;
import dev.serai.vault.Vault;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Attempts that wait for their customer to come back from the provider. What comes back is believed
 * once, for ten minutes, and only from the browser that began: it has to bring the cookie that only
 * that browser was given, so that nobody can finish his own flow in somebody else's browser (RFC
 * 9700 §4.7). Thread-safe; a process may die at any point and leaves at most a row that expires.
 */
public final class Flows {
  public static final Duration LIFE = Duration.ofMinutes(10);
  private static final String PURPOSE = "oauth_flow";

  private final Database database;
  private final Vault vault;
  private final FlowStore store = new FlowStore();
  private final SecureRandom random = new SecureRandom();

  public Flows(Database database, Vault vault) {
    this.database = database;
    this.vault = vault;
  }

  /**
   * @param secrets what ending the consent needs
   * @param socket who waits for the end; null: nobody
   */
  public record Flow(Attempt attempt, URI redirectUri, ObjectNode secrets, @Nullable UUID socket) {
    private ObjectNode json() {
      ObjectNode json = Json.object().put("redirect_uri", redirectUri.toString());
      json.put("socket", socket == null ? null : socket.toString());
      json.set("attempt", attempt.json());
      json.set("secrets", secrets);
      return json;
    }

    private static Flow of(ObjectNode json) {
      String socket = json.path("socket").textValue();
      return new Flow(
          Attempt.of((ObjectNode) json.path("attempt")),
          URI.create(json.path("redirect_uri").asText()),
          (ObjectNode) json.path("secrets"),
          socket == null ? null : UUID.fromString(socket));
    }

    @Override
    public String toString() {
      return "Flow[" + attempt + "]";
    }
  }

  /** 256 random bits that fit into a URL and a cookie's name. */
  public String random() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * @param state drawn by {@link #random()}; goes to the provider and comes back
   * @param cookie drawn by {@link #random()}; goes to the browser only
   */
  public void began(String state, String cookie, Flow flow) {
    byte[] hash = KeyHash.of(state);
    byte[] sealed = vault.seal(PURPOSE, row(hash), Json.write(flow.json()));
    database.useTransaction(handle ->
        store.insert(
            handle, hash, flow.attempt(), new FlowStore.Row(KeyHash.of(cookie), sealed), LIFE));
  }

  /** What a state is good for. */
  public sealed interface Taken {
    /** Nobody else gets it again. */
    record Flowing(Flow flow) implements Taken {}

    /** Never begun, used before, or too late. */
    record Unknown() implements Taken {}

    /** Another browser began it; that one may still end it. */
    record OtherBrowser() implements Taken {}
  }

  /**
   * Takes the flow out: the row goes in the transaction that reads it.
   *
   * @param cookie what the browser brought; null: nothing
   */
  public Taken take(String state, @Nullable String cookie) {
    byte[] hash = KeyHash.of(state);
    return database.inTransaction(handle ->
        store
            .lock(handle, hash)
            .map(row -> {
              if (cookie == null || !KeyHash.matches(row.browser(), cookie)) {
                return (Taken) new Taken.OtherBrowser();
              }
              store.delete(handle, hash);
              String json = vault.openText(PURPOSE, row(hash), row.sealed());
              return new Taken.Flowing(Flow.of((ObjectNode) Json.parse(json)));
            })
            .orElseGet(Taken.Unknown::new));
  }

  private static String row(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}

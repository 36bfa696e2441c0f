package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.database.DatabaseAddress;
import dev.serai.sample.Simulator;
import dev.serai.support.Marked;
import dev.serai.support.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ./serai keys rotate} beside two nodes that read and write secrets, killed again and again.
 */
@Timeout(600)
class KeyRotationKillTest {
  private static final int SEED = 20261123;
  private static final int READERS = 4;
  private static final int CONNECTIONS = 4;
  private static final int TICKETS = 20;
  private static final String HELPDESK_KEY = Marked.secret("helpdesk key");

  /** What is opened: app and webhook secret, credentials, the data key that sealed records. */
  private enum Read {
    APP,
    CREDENTIAL,
    RECORDS
  }

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final Map<Read, AtomicLong> reads = new ConcurrentHashMap<>();
  private final AtomicLong writes = new AtomicLong();
  private final List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
  private final AtomicBoolean over = new AtomicBoolean();
  private Simulator helpdesk;

  @Test
  void every_secret_is_readable_while_a_rotation_is_killed() {
    rotateUnderLoad(60, 3);
  }

  @Test
  @Tag("full")
  void every_secret_is_readable_while_a_rotation_is_killed_twenty_times() {
    rotateUnderLoad(400, 20);
  }

  private void rotateUnderLoad(int values, int kills) {
    DatabaseAddress database = TestServer.shared().emptyDatabase();
    try (Simulator simulator = helpdesk();
        SeraiProcess one = node("one", database, simulator);
        SeraiProcess two = node("two", database, simulator)) {
      helpdesk = simulator;
      one.start();
      two.start();
      for (int i = 0; i < values; i++) {
        create(one.api(), "app-" + i);
      }
      aKeyThatIsDeletedOpensNoNodeAnyMore(one, two);
      finish(one); // what was sealed at the first start is by the first key already
      collected(one.api());
      List<Thread> load = load(List.of(one.api(), two.api()));

      for (int kill = 0; kill < kills; kill++) {
        killMidway(one, 1 + random.nextInt(values / 4));
      }
      String done = finish(one);
      List<Thread> died = load.stream().filter(thread -> !thread.isAlive()).toList();
      over.set(true);
      load.forEach(KeyRotationKillTest::join);

      System.out.printf(
          "key rotation, seed %d: %,d apps and %d connections, %d kills; %,d reads (%s) and %,d writes meanwhile, %d wrong; %s%n",
          SEED, values, CONNECTIONS, kills, total(), reads, writes.get(), wrong.size(), done);
      assertThat(wrong).isEmpty();
      assertThat(died).as("workers that stopped before the end").isEmpty();
      assertThat(total()).isGreaterThan(values);
      assertThat(reads.keySet()).containsExactlyInAnyOrder(Read.values());
      two.kill();
      two.start(); // what it had opened is forgotten
      for (String key : secrets.keySet()) {
        assertThat(app(two.api(), key)).as(key).isEqualTo(secrets.get(key));
      }
      for (int i = 0; i < CONNECTIONS; i++) {
        assertThat(credential(two.api(), "c-" + i)).isEqualTo(HELPDESK_KEY);
        assertThat(records(two.api(), "c-" + i)).isEqualTo(TICKETS);
      }
      assertThat(done)
          .startsWith("Key ")
          .contains("seals everything")
          .endsWith("0 could not be opened");
    }
  }

  private static void aKeyThatIsDeletedOpensNoNodeAnyMore(SeraiProcess one, SeraiProcess two) {
    ObjectNode named = Json.object().put("display_name", "second");
    JsonNode made = one.api().send("POST", "/environment/api-keys", named).path("data");
    SeraiApi second = new SeraiApi(two.uri(), made.path("secret").asText());
    assertThat(second.send("GET", "/environment/settings", null).at("/data/name").asText())
        .isEqualTo("dev");
    ObjectNode id = Json.object().put("id", made.path("id").asLong());
    assertThat(one.api().send("DELETE", "/environment/api-keys", id).path("success").asBoolean())
        .isTrue();
    assertThat(second.send("GET", "/environment/settings", null).at("/error/code").asText())
        .isEqualTo("unknown_account");
  }

  private static Simulator helpdesk() {
    try {
      return Simulator.start(Simulator.Options.TESTS.withTickets(TICKETS).withApiKey(HELPDESK_KEY));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Connections whose records are sealed by data keys of their own. */
  private void collected(SeraiApi api) {
    for (int i = 0; i < CONNECTIONS; i++) {
      api.connect("sample", "c-" + i, helpdesk.uri(), HELPDESK_KEY);
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      String connection = "c-" + i;
      await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> records(api, connection) == TICKETS);
    }
  }

  private SeraiProcess node(String name, DatabaseAddress database, Simulator simulator) {
    return new SeraiProcess(folder.resolve(name))
        .with(database)
        .with("SERAI_RECORDS_ENCRYPT", "true")
        .with("SERAI_OUTGOING_ALLOW", "127.0.0.1:" + simulator.uri().getPort())
        .with("SERAI_NODE", name)
        .with("SERAI_API_RATE_LIMIT", "10000000"); // the load is meant
  }

  private void create(SeraiApi api, String key) {
    String secret = "hushhush-first of " + key;
    ObjectNode body = Json.object().put("provider", "sample").put("unique_key", key);
    body.set("credentials", credentials(secret));
    JsonNode made = api.send("POST", "/integrations", body);
    assertThat(made.at("/data/unique_key").asText()).as(made.toString()).isEqualTo(key);
    secrets.put(key, secret);
  }

  private static ObjectNode credentials(String secret) {
    return Json.object()
        .put("type", "OAUTH2")
        .put("client_id", "id")
        .put("client_secret", secret)
        .put("webhook_secret", webhook(secret));
  }

  private static String webhook(String secret) {
    return "hushhush-webhook of " + secret;
  }

  /** The app's secret, if the webhook secret fits to it. */
  private static String app(SeraiApi api, String key) {
    JsonNode answer = api.send("GET", "/integrations/" + key + "?include=credentials", null);
    JsonNode found = answer.at("/data/credentials");
    String secret = found.path("client_secret").asText();
    return found.path("webhook_secret").asText().equals(webhook(secret))
        ? secret
        : answer.toString();
  }

  private static String credential(SeraiApi api, String connection) {
    String path = "/connections/" + connection + "?provider_config_key=sample";
    JsonNode answer = api.send("GET", path, null);
    return answer.at("/credentials/apiKey").asText(answer.toString());
  }

  private static int records(SeraiApi api, String connection) {
    return api.records("sample", connection, "Ticket").size();
  }

  private long total() {
    return reads.values().stream().mapToLong(AtomicLong::get).sum();
  }

  /** Each reader owns the keys of its number, so that it knows what it wrote last. */
  private List<Thread> load(List<SeraiApi> nodes) {
    List<Thread> threads = new ArrayList<>();
    for (int reader = 0; reader < READERS; reader++) {
      int own = reader;
      threads.add(Thread.ofVirtual().start(() -> work(nodes, own)));
    }
    return threads;
  }

  private void work(List<SeraiApi> nodes, int own) {
    Random turn = new Random(own);
    List<String> keys =
        secrets.keySet().stream()
            .filter(key -> Math.floorMod(key.hashCode(), READERS) == own)
            .sorted()
            .toList();
    try {
      while (!over.get()) {
        String key = keys.get(turn.nextInt(keys.size()));
        SeraiApi node = nodes.get(turn.nextInt(nodes.size()));
        if (turn.nextInt(10) == 0) {
          write(node, key);
        }
        read(node, key, "c-" + turn.nextInt(CONNECTIONS), Read.values()[turn.nextInt(3)]);
      }
    } catch (RuntimeException e) {
      wrong.add("worker " + own + " stopped: " + e);
    }
  }

  private void write(SeraiApi node, String key) {
    String secret = "hushhush-" + writes.incrementAndGet() + " of " + key;
    ObjectNode body = Json.object();
    body.set("credentials", credentials(secret));
    JsonNode answer = node.send("PATCH", "/integrations/" + key, body);
    if (answer.path("data").isMissingNode()) {
      wrong.add(key + " was not written: " + answer);
    }
    secrets.put(key, secret);
  }

  private void read(SeraiApi node, String key, String connection, Read what) {
    String found =
        switch (what) {
          case APP -> app(node, key);
          case CREDENTIAL -> credential(node, connection);
          case RECORDS -> records(node, connection) + " records";
        };
    String right =
        switch (what) {
          case APP -> secrets.get(key);
          case CREDENTIAL -> HELPDESK_KEY;
          case RECORDS -> TICKETS + " records";
        };
    reads.computeIfAbsent(what, any -> new AtomicLong()).incrementAndGet();
    if (!found.equals(right)) {
      wrong.add(what + " " + key + " " + connection + ": " + found);
    }
  }

  /** Kills the command after so many lines of progress; one that ends before makes a new key. */
  private static void killMidway(SeraiProcess beside, int lines) {
    Process rotation = beside.beside("keys", "rotate", "--batch", "2");
    try (BufferedReader out = rotation.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      for (int seen = 0; line != null && seen < lines; line = out.readLine()) {
        seen += line.contains("sealed anew") ? 1 : 0;
      }
      rotation.destroyForcibly();
      rotation.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String finish(SeraiProcess beside) {
    Process rotation = beside.beside("keys", "rotate");
    try (BufferedReader out = rotation.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = out.lines().toList();
      assertThat(rotation.waitFor()).as(String.join("\n", lines)).isZero();
      return lines.getLast();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

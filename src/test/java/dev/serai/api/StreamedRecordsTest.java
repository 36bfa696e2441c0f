package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.Json;
import dev.serai.record.Sealed;
import dev.serai.support.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Listings that are too large to be collected, over the real HTTP server. */
@Timeout(120)
class StreamedRecordsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final String FILL =
      """
      insert into record (collection, external_id, version, added_version, hash, data, bytes,
        first_seen_at, last_modified_at, last_action)
      select 1, i::text, i, i, '', jsonb_build_object('id', i::text, 'text', repeat('x', :size)), :size,
        'epoch', 'epoch'::timestamptz + i * interval '1 s', 'a'
      from generate_series(1, :rows) i
      """;

  private final HttpClient http = HttpClient.newHttpClient();
  private UUID key;
  private ApiServer server;

  @BeforeEach
  void start() throws Exception {
    ApiRooms rooms = new ApiRooms(postgres.database(), new Sealed());
    key = UUID.randomUUID();
    rooms.keys.put(postgres.environment(), "test", key);
    Api api = rooms.api(0);
    Client client = new Client(api, key);
    client.createIntegration("helpdesk", "hd");
    long connection = client.createConnection("hd", "ann").at("/id").asLong();
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "insert into collection (connection, model, version, last_at)"
                    + " values (?, 'Thing', 1000000, 'infinity')",
                connection));
    server = new ApiServer(api);
  }

  @AfterEach
  void stop() {
    server.close();
    http.close();
  }

  @Test
  void a_listing_of_many_megabytes_arrives_whole() throws Exception {
    fill(300, 50_000);

    HttpResponse<byte[]> answer = http.send(list(), HttpResponse.BodyHandlers.ofByteArray());

    var body = Json.parse(answer.body());
    assertThat(body.get("records")).hasSize(300);
    assertThat(body.at("/records/299/id").textValue()).isEqualTo("300");
    assertThat(body.get("next_cursor").isNull()).isTrue();
  }

  @Test
  void what_cannot_be_opened_before_the_first_byte_is_an_error_with_model_and_id()
      throws Exception {
    fill(3, 10);
    unopenable(2, 7);

    HttpResponse<byte[]> changed = http.send(list(), HttpResponse.BodyHandlers.ofByteArray());

    assertThat(changed.statusCode()).isEqualTo(500);
    assertThat(Json.parse(changed.body()).at("/error/code").asText()).isEqualTo("unsealing_failed");
    assertThat(Json.parse(changed.body()).at("/error/message").asText())
        .contains("(model: Thing, record: 2)");

    unopenable(2, 8);
    HttpResponse<byte[]> gone = http.send(list(), HttpResponse.BodyHandlers.ofByteArray());

    assertThat(gone.statusCode()).isEqualTo(410);
    assertThat(Json.parse(gone.body()).at("/error/code").asText()).isEqualTo("data_key_gone");
  }

  @Test
  void a_failure_in_the_middle_breaks_the_answer_off_and_is_never_a_shorter_one() throws Exception {
    fill(100, 50_000);
    unopenable(90, 7);

    HttpResponse<InputStream> answer = http.send(list(), HttpResponse.BodyHandlers.ofInputStream());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
    await().atMost(Duration.ofSeconds(10)).until(() -> server.inflight() == 0);
  }

  @Test
  void a_caller_who_leaves_in_the_middle_leaves_nothing_behind() throws Exception {
    fill(400, 50_000);
    HttpResponse<InputStream> answer = http.send(list(), HttpResponse.BodyHandlers.ofInputStream());
    answer.body().readNBytes(100_000);
    assertThat(server.inflight()).isEqualTo(1);

    answer.body().close();

    await().atMost(Duration.ofSeconds(10)).until(() -> server.inflight() == 0);
  }

  @Test
  void a_slow_caller_holds_neither_a_database_connection_nor_the_listing_in_memory()
      throws Exception {
    fill(1_000, 50_000);

    readSlowly(1_000);
  }

  @Test
  @Tag("full")
  void ten_thousand_records_of_50_kB_are_listed_to_a_slow_caller_in_a_few_megabytes()
      throws Exception {
    fill(10_000, 50_000);

    readSlowly(10_000);
  }

  private void readSlowly(int rows) throws Exception {
    long before = usedHeap();
    long most = 0;
    long read = 0;
    try (InputStream body = http.send(list(), HttpResponse.BodyHandlers.ofInputStream()).body()) {
      byte[] step = new byte[5_000_000];
      int last;
      while ((last = body.readNBytes(step, 0, step.length)) > 0) {
        read += last;
        await()
            .atMost(Duration.ofSeconds(10))
            .pollDelay(Duration.ZERO)
            .until(() -> busyConnections() == 0);
        most = Math.max(most, usedHeap() - before);
      }
    }
    System.out.printf(
        "%,d records, %,d bytes read slowly, at most %,d bytes of heap held%n", rows, read, most);
    assertThat(read).isGreaterThan(rows * 50_000L);
    // A part, the caller's own five megabytes, and the pieces that the server's pools keep.
    assertThat(most).isLessThan(48_000_000);
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Database connections that run or hold a transaction, ours aside. */
  private static int busyConnections() {
    return postgres
        .database()
        .read(handle ->
            handle
                .createQuery(
                    "select count(*) from pg_stat_activity where datname = current_database()"
                        + " and pid <> pg_backend_pid() and backend_type = 'client backend'"
                        + " and state <> 'idle'")
                .mapTo(Integer.class)
                .one());
  }

  private HttpRequest list() {
    return HttpRequest.newBuilder(URI.create(server.url() + "/records?model=Thing&limit=10000"))
        .header("Authorization", "Bearer " + key)
        .header("Connection-Id", "ann")
        .header("Provider-Config-Key", "hd")
        .build();
  }

  private static void fill(int rows, int size) {
    postgres
        .database()
        .useTransaction(
            handle -> handle.createUpdate(FILL).bind("rows", rows).bind("size", size).execute());
  }

  /** Seals a row with this key, but not for itself. */
  private static void unopenable(int row, long key) {
    byte[] envelope = Sealed.envelope(1, "another", "{\"id\":\"another\"}");
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "update record set data = null, sealed = ?, key = ? where version = ?",
                envelope,
                key,
                row));
  }
}

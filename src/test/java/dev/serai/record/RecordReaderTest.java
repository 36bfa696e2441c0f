package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.record.RecordQuery.Action;
import dev.serai.record.RecordReader.Listing;
import dev.serai.support.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordReaderTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final CollectionKey THINGS = new CollectionKey(1, "thing", "base");

  private Records records;
  private RecordReader reader;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
    reader = new RecordReader(postgres.database(), Sealing.OFF);
  }

  @Test
  void a_record_is_listed_with_its_payload_and_metadata() throws Exception {
    records.page(save("Thing", "{\"id\":7,\"price\":1e25,\"name\":\"é\"}"));

    JsonNode body = list(query(null, Set.of(), 100));

    JsonNode record = body.get("records").get(0);
    assertThat(record.get("id").textValue()).isEqualTo("7");
    assertThat(record.get("price").asText()).isEqualTo("10000000000000000000000000");
    assertThat(record.get("name").textValue()).isEqualTo("é");
    JsonNode metadata = record.get("_nango_metadata");
    assertThat(metadata.properties().stream().map(Map.Entry::getKey))
        .containsExactly(
            "first_seen_at",
            "last_modified_at",
            "last_action",
            "deleted_at",
            "pruned_at",
            "cursor");
    assertThat(metadata.get("last_modified_at").textValue())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00");
    assertThat(OffsetDateTime.parse(metadata.get("last_modified_at").textValue()))
        .isEqualTo(records.one("select last_at from collection", OffsetDateTime.class));
    assertThat(metadata.get("last_action").textValue()).isEqualTo("ADDED");
    assertThat(metadata.get("deleted_at").isNull()).isTrue();
    assertThat(body.get("next_cursor").isNull()).isTrue();
  }

  @Test
  void following_the_cursor_lists_every_record_once_in_commit_order() throws Exception {
    for (int page = 0; page < 7; page++) {
      List<String> rows = new ArrayList<>();
      for (int i = 0; i < 190; i++) {
        rows.add("{\"id\":\"%d-%d\"}".formatted(page, i));
      }
      records.page(save("Thing", rows.toArray(String[]::new)));
    }
    List<String> expected = records.all("select external_id from record order by version");

    for (int limit : new int[] {1_330, 700, 500, 333}) {
      List<String> listed = new ArrayList<>();
      String cursor = null;
      do {
        JsonNode body = list(query(cursor, Set.of(), limit));
        body.get("records").forEach(record -> listed.add(record.get("id").textValue()));
        cursor = body.get("next_cursor").textValue();
      } while (cursor != null);
      assertThat(listed).as("limit " + limit).isEqualTo(expected);
    }
  }

  @Test
  void the_last_records_own_cursor_resumes_after_the_end() throws Exception {
    records.page(save("Thing", "{\"id\":1}", "{\"id\":2}"));
    String cursor = last(list(query(null, Set.of(), 100)));

    assertThat(ids(list(query(cursor, Set.of(), 100)))).isEmpty();
    records.page(save("Thing", "{\"id\":1,\"v\":2}"));

    assertThat(ids(list(query(cursor, Set.of(), 100)))).containsExactly("1");
  }

  @Test
  void every_filter_lists_exactly_its_actions_and_a_deleted_row_is_never_lost() throws Exception {
    records.page(save("Thing", "{\"id\":\"a\"}", "{\"id\":\"u\"}", "{\"id\":\"d\",\"kept\":1}"));
    records.page(save("Thing", "{\"id\":\"u\",\"v\":2}"), delete("Thing", "d"));

    assertThat(ids(list(query(null, Set.of(), 9)))).containsExactly("a", "u", "d");
    assertThat(ids(list(query(null, Set.of(Action.ADDED), 9)))).containsExactly("a");
    assertThat(ids(list(query(null, Set.of(Action.UPDATED), 9)))).containsExactly("u");
    assertThat(ids(list(query(null, Set.of(Action.DELETED), 9)))).containsExactly("d");
    assertThat(ids(list(query(null, Set.of(Action.ADDED, Action.DELETED), 9))))
        .containsExactly("a", "d");
    assertThat(ids(list(query(null, Set.of(Action.UPDATED, Action.DELETED), 9))))
        .containsExactly("u", "d");
    JsonNode deleted = list(query(null, Set.of(Action.DELETED), 9)).get("records").get(0);
    assertThat(deleted.get("kept").intValue()).isEqualTo(1);
    assertThat(deleted.get("_nango_metadata").get("deleted_at").textValue()).endsWith("+00:00");
  }

  @Test
  void modified_after_is_inclusive_and_combines_with_ids_and_cursor() throws Exception {
    records.page(save("Thing", "{\"id\":1}", "{\"id\":2}"));
    records.page(save("Thing", "{\"id\":3}", "{\"id\":4}"));
    OffsetDateTime second = records.one("select last_at from collection", OffsetDateTime.class);
    String first = list(query(null, Set.of(), 3)).get("next_cursor").textValue();

    assertThat(ids(list(new RecordQuery(THINGS, second, null, Set.of(), List.of(), 9))))
        .containsExactly("3", "4");
    assertThat(
            ids(
                list(
                    new RecordQuery(
                        THINGS, second.plusNanos(1_000), null, Set.of(), List.of(), 9))))
        .isEmpty();
    assertThat(ids(list(new RecordQuery(THINGS, second, first, Set.of(), List.of(), 9))))
        .containsExactly("4");
    assertThat(
            ids(
                list(
                    new RecordQuery(
                        THINGS, second, null, Set.of(), List.of("4", "1", "4", "x"), 9))))
        .containsExactly("4");
    JsonNode one = list(new RecordQuery(THINGS, null, null, Set.of(), List.of("4", "1", "2"), 2));
    assertThat(ids(one)).containsExactly("1", "2");
    assertThat(
            ids(
                list(
                    new RecordQuery(
                        THINGS,
                        null,
                        one.get("next_cursor").textValue(),
                        Set.of(),
                        List.of("4", "1", "2"),
                        2))))
        .containsExactly("4");
  }

  @Test
  void a_text_that_is_no_cursor_is_refused() {
    records.page(save("Thing", "{\"id\":1}"));

    for (String text :
        List.of(
            "",
            "x",
            "AAAA",
            "not base64 !",
            new RecordCursor(-1, 1, 0) + "",
            new RecordCursor(1, 1, 1) + "==")) {
      assertThatThrownBy(() -> list(query(text, Set.of(), 9)))
          .as(text)
          .isInstanceOfSatisfying(
              CursorRefused.class, e -> assertThat(e.code()).isEqualTo("invalid_cursor"));
    }
  }

  @Test
  void a_cursor_from_a_lost_future_answers_from_the_end_and_says_so() throws Exception {
    records.page(save("Thing", "{\"id\":1}"));
    String future = RecordCursor.at(records.now(), 99, 1).toString();

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Listing listing = reader.list(query(future, Set.of(), 9), out);

    assertThat(listing.historyLost()).isTrue();
    assertThat(ids(Json.parse(out.toByteArray()))).isEmpty();
    records.page(save("Thing", "{\"id\":2}"));
    assertThat(ids(list(query(listing.nextCursor(), Set.of(), 9)))).containsExactly("2");
  }

  @Test
  void a_collection_nobody_wrote_is_empty() throws Exception {
    JsonNode body =
        list(
            new RecordQuery(
                new CollectionKey(9, "Nothing", "base"), null, null, Set.of(), List.of(), 9));

    assertThat(Json.write(body)).isEqualTo("{\"records\":[],\"next_cursor\":null}");
  }

  @Test
  void a_part_holds_a_megabyte_of_payloads_however_large_they_are() throws Exception {
    String text = "x".repeat(50_000);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add("{\"id\":\"%d\",\"text\":\"%s\"}".formatted(i, i % 2 == 0 ? text : ""));
    }
    records.page(save("Thing", rows.toArray(String[]::new)));

    RecordListing listing = reader.open(query(null, Set.of(), 100));
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    JsonBuffer part = new JsonBuffer();
    int parts = 0;
    boolean more;
    do {
      part.clear();
      more = listing.next(part);
      assertThat(part.length()).isLessThan(1_200_000);
      part.writeTo(whole);
      parts++;
    } while (more);

    assertThat(parts).isEqualTo(3);
    assertThat(ids(Json.parse(whole.toByteArray()))).hasSize(100).doesNotHaveDuplicates();
    assertThat(listing.nextCursor()).isNull();
  }

  @Test
  void a_page_that_ends_with_the_last_row_and_the_last_byte_has_no_next_cursor() throws Exception {
    String text = "x".repeat(FeedStore.MOST_BYTES / 2);
    records.page(
        save("Thing", "{\"id\":1,\"t\":\"" + text + "\"}", "{\"id\":2,\"t\":\"" + text + "\"}"));

    assertThat(list(query(null, Set.of(), 2)).get("next_cursor").isNull()).isTrue();
    assertThat(list(query(null, Set.of(), 1)).get("next_cursor").isNull()).isFalse();
  }

  @Test
  void ids_may_hold_anything_and_what_no_id_can_hold_names_nothing() throws Exception {
    records.page(save("Thing", "{\"id\":\"a'b\\\\c\\\"d\"}", "{\"id\":\"\\n:x é 😀\"}"));
    List<String> asked = List.of("a'b\\c\"d", "\n:x é 😀", "nul\0", "half \ud83d", "no');--");

    JsonNode body = list(new RecordQuery(THINGS, null, null, Set.of(), asked, 9));

    assertThat(ids(body)).containsExactly("a'b\\c\"d", "\n:x é 😀");
    records.execute("update record set data = null, pruned_at = now()");
    JsonNode pruned = list(new RecordQuery(THINGS, null, null, Set.of(), asked, 9));
    assertThat(ids(pruned)).containsExactly("a'b\\c\"d", "\n:x é 😀");
    assertThat(ids(list(new RecordQuery(THINGS, null, null, Set.of(), List.of("half \ud83d"), 9))))
        .isEmpty();
  }

  @Test
  void counts_are_the_live_records_by_model() {
    records.page(
        save("Thing", "{\"id\":1}", "{\"id\":2}"), save("Ticket", "{\"id\":1,\"title\":\"t\"}"));
    records.page(delete("Thing", "1"));

    assertThat(reader.counts(1, "base")).isEqualTo(Map.of("Thing", 1L, "Ticket", 1L));
    assertThat(reader.counts(2, "base")).isEmpty();
  }

  private static RecordQuery query(String cursor, Set<Action> filter, int limit) {
    return new RecordQuery(THINGS, null, cursor, filter, List.of(), limit);
  }

  private JsonNode list(RecordQuery query) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Listing listing = reader.list(query, out);
    JsonNode body = Json.parse(out.toByteArray());
    assertThat(listing.records()).isEqualTo(body.get("records").size());
    return body;
  }

  private static List<String> ids(JsonNode body) {
    List<String> ids = new ArrayList<>();
    body.get("records").forEach(record -> ids.add(record.get("id").textValue()));
    return ids;
  }

  private static String last(JsonNode body) {
    JsonNode all = body.get("records");
    return all.get(all.size() - 1).get("_nango_metadata").get("cursor").textValue();
  }

  @Test
  void a_listing_ends_where_rows_were_removed_behind_it_while_it_was_read() throws Exception {
    List<JsonNode> page = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      page.add(Json.object().put("id", i));
    }
    records.page(new RecordWriter.Batch.Save("Thing", page));
    String first = cursorAfterFirst();
    RecordListing listing =
        reader.open(
            new RecordQuery(
                new CollectionKey(1, "Thing", "base"), null, first, Set.of(), List.of(), 10_000));
    JsonBuffer out = new JsonBuffer();
    boolean more = listing.next(out);
    records.execute("update collection set purged_through = version");

    while (more) {
      more = listing.next(out);
    }

    ByteArrayOutputStream body = new ByteArrayOutputStream();
    out.writeTo(body);
    JsonNode answer = Json.parse(body.toByteArray());
    assertThat(answer.path("records").size()).isEqualTo(1_001);
    RecordQuery onward =
        new RecordQuery(
            new CollectionKey(1, "Thing", "base"),
            null,
            answer.path("next_cursor").textValue(),
            Set.of(),
            List.of(),
            10);
    assertThatThrownBy(() -> reader.open(onward)).isInstanceOf(CursorRefused.class);
  }

  /** Of a reader who was there before the page: so what is removed behind him is his business. */
  private static String cursorAfterFirst() {
    return new RecordCursor(0, 0, 0).toString();
  }
}

package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RecordChangesTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final CollectionKey THINGS = new CollectionKey(1, "thing", "base");
  private static final ModelPolicies KEPT =
      (provider, model) ->
          new ModelPolicy(new TreeSet<>(), new TreeSet<>(), Duration.ofDays(30), null, null);

  private Records records;
  private RecordChanges changes;
  private long version;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
    changes = new RecordChanges(postgres.database(), new Sealed(), KEPT);
    records.execute(
        "insert into collection (connection, model, last_at) values (1, 'Thing', '2026-01-02')");
  }

  @Test
  void a_change_is_listed_with_both_images_and_the_patch_between_them() throws Exception {
    keep("1", 'a', true, null, "{\"id\":\"1\",\"price\":1.50}");
    keep(
        "1", 'u', true, "{\"id\":\"1\",\"price\":1.50}", "{\"id\":\"1\",\"price\":2,\"new\":true}");
    keep("1", 'd', true, "{\"id\":\"1\",\"price\":2,\"new\":true}", null);

    JsonNode listed = list(query(null, false, 100)).get("changes");

    assertThat(actions(listed)).containsExactly("ADDED", "UPDATED", "DELETED");
    assertThat(listed.get(0).get("before").isNull()).isTrue();
    assertThat(Json.write(listed.get(0).get("patch")))
        .isEqualTo("[{\"op\":\"add\",\"path\":\"\",\"value\":{\"id\":\"1\",\"price\":1.5}}]");
    assertThat(Json.write(listed.get(1).get("patch")))
        .isEqualTo(
            "[{\"op\":\"replace\",\"path\":\"/price\",\"value\":2},{\"op\":\"add\",\"path\":\"/new\",\"value\":true}]");
    assertThat(listed.get(1).get("version").longValue()).isEqualTo(2);
    assertThat(listed.get(1).get("told").booleanValue()).isTrue();
    assertThat(listed.get(1).get("at").textValue()).isEqualTo("2026-01-01T00:00:02.000000+00:00");
    assertThat(listed.get(2).get("after").isNull()).isTrue();
    assertThat(Json.write(listed.get(2).get("patch")))
        .isEqualTo("[{\"op\":\"remove\",\"path\":\"\"}]");
  }

  @Test
  void sealed_images_are_opened_and_compare_with_plain_ones() throws Exception {
    keep("1", 'u', true, "{\"id\":\"1\",\"n\":10000000000000000000000000}", null);
    records.execute("update record_history set action = 'u'");
    sealAfter(1, Sealed.envelope(1, "1", "{\"id\":\"1\",\"n\":1E+25,\"m\":2}"));

    JsonNode change = list(query(null, false, 100)).get("changes").get(0);

    assertThat(change.get("after").get("m").intValue()).isEqualTo(2);
    assertThat(Json.write(change.get("patch")))
        .isEqualTo("[{\"op\":\"add\",\"path\":\"/m\",\"value\":2}]");
  }

  @Test
  void a_changed_sealed_image_is_refused_by_model_and_id() {
    keep("1", 'u', true, "{\"id\":\"1\"}", null);
    sealAfter(1, Sealed.envelope(1, "2", "{\"id\":\"2\"}"));

    assertThatThrownBy(() -> list(query(null, false, 100)))
        .isInstanceOfSatisfying(
            RecordUnreadable.class, e -> assertThat(e.code()).isEqualTo("unsealing_failed"))
        .hasMessageContaining("(model: Thing, record: 1)");
  }

  @Test
  void what_no_webhook_told_of_is_left_out_unless_asked_for() throws Exception {
    keep("1", 'a', true, null, "{\"id\":\"1\"}");
    keep("1", 'u', false, "{\"id\":\"1\"}", "{\"id\":\"1\",\"seen\":1}");
    keep("2", 'a', true, null, "{\"id\":\"2\"}");

    assertThat(versions(list(query(null, false, 100)))).containsExactly(1L, 3L);
    assertThat(versions(list(query(null, true, 100)))).containsExactly(1L, 2L, 3L);
    assertThat(list(query(null, true, 100)).get("changes").get(1).get("told").booleanValue())
        .isFalse();
  }

  @Test
  void following_the_cursor_lists_every_change_once_in_order_whatever_the_page() throws Exception {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      keep("r" + i % 7, 'u', i % 5 > 0, "{\"id\":\"x\"}", "{\"id\":\"x\",\"n\":" + i + "}");
      all.add(version);
    }

    for (int limit : new int[] {1_000, 250, 101, 100, 33}) {
      List<Long> listed = new ArrayList<>();
      String cursor = null;
      do {
        JsonNode body = list(query(cursor, true, limit));
        listed.addAll(versions(body));
        cursor = body.get("next_cursor").textValue();
      } while (cursor != null);
      assertThat(listed).as("limit " + limit).isEqualTo(all);
    }
  }

  @Test
  void the_last_changes_own_cursor_resumes_after_the_end() throws Exception {
    keep("1", 'a', true, null, "{\"id\":\"1\"}");
    String cursor = list(query(null, false, 10)).at("/changes/0/cursor").textValue();

    assertThat(versions(list(query(cursor, false, 10)))).isEmpty();
    keep("1", 'u', true, "{\"id\":\"1\"}", "{\"id\":\"1\",\"n\":1}");

    assertThat(versions(list(query(cursor, false, 10)))).containsExactly(2L);
  }

  @Test
  void modified_after_is_inclusive_and_combines_with_ids_and_cursor() throws Exception {
    for (int i = 1; i <= 40; i++) {
      keep("r" + i % 2, 'u', true, "{\"id\":\"x\"}", "{\"id\":\"x\",\"n\":" + i + "}");
    }
    OffsetDateTime noon = OffsetDateTime.parse("2026-01-01T00:00:00Z");

    for (int after : new int[] {0, 1, 17, 40}) {
      List<Long> expected = new ArrayList<>();
      for (long v = Math.max(1, after); v <= 40; v++) {
        expected.add(v);
      }
      assertThat(versions(list(since(noon.plusSeconds(after), null, List.of()))))
          .isEqualTo(expected);
    }
    assertThat(versions(list(since(noon.plusSeconds(41), null, List.of())))).isEmpty();
    assertThat(
            versions(list(since(noon.plusSeconds(36).plusNanos(1_000), null, List.of("r1", "x'")))))
        .containsExactly(37L, 39L);
    String cursor = list(query(null, false, 38)).get("next_cursor").textValue();
    assertThat(versions(list(since(noon.plusSeconds(36), cursor, List.of()))))
        .containsExactly(39L, 40L);
  }

  @Test
  void a_cursor_before_what_was_forgotten_has_expired() throws Exception {
    for (int i = 1; i <= 5; i++) {
      keep("1", 'u', true, "{\"id\":\"1\"}", "{\"id\":\"1\",\"n\":" + i + "}");
    }
    String second = list(query(null, false, 2)).get("next_cursor").textValue();
    String third = list(query(null, false, 3)).get("next_cursor").textValue();
    records.execute("delete from record_history where version <= 3");
    records.execute("update collection set history_through = 3");

    assertThatThrownBy(() -> list(query(second, false, 10)))
        .isInstanceOfSatisfying(
            CursorRefused.class, e -> assertThat(e.code()).isEqualTo("cursor_expired"));
    assertThat(versions(list(query(third, false, 10)))).containsExactly(4L, 5L);
    assertThat(versions(list(query(null, false, 10)))).containsExactly(4L, 5L);
  }

  @Test
  void a_model_that_keeps_none_says_how_to_keep_one() throws Exception {
    changes = new RecordChanges(postgres.database(), new Sealed(), ModelPolicies.NONE);

    assertThatThrownBy(() -> list(query(null, false, 10)))
        .isInstanceOfSatisfying(
            HistoryOff.class, e -> assertThat(e.code()).isEqualTo("history_off"))
        .hasMessageContaining("serai.model.Thing.history");

    keep("1", 'a', true, null, "{\"id\":\"1\"}");
    assertThat(versions(list(query(null, false, 10)))).as("kept before").containsExactly(1L);
  }

  @Test
  void a_model_that_keeps_one_and_has_none_yet_is_empty() throws Exception {
    assertThat(Json.write(list(query(null, false, 10))))
        .isEqualTo("{\"changes\":[],\"next_cursor\":null}");
  }

  private void keep(
      String id, char action, boolean told, @Nullable String before, @Nullable String after) {
    version++;
    postgres
        .database()
        .useTransaction(handle -> {
          handle.execute(
              "insert into record_history (collection, version, external_id, action, at, told, before, after)"
                  + " values (1, ?, ?, ?::\"char\", '2026-01-01'::timestamptz + ? * interval '1 s', ?, ?::jsonb, ?::jsonb)",
              version,
              id,
              String.valueOf(action),
              version,
              told,
              before,
              after);
          handle.execute("update collection set version = ?", version);
        });
  }

  private void sealAfter(long ofVersion, byte[] envelope) {
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "update record_history set after = null, after_sealed = ?, after_key = 7 where version = ?",
                envelope,
                ofVersion));
  }

  private static ChangeQuery query(@Nullable String cursor, boolean untold, int limit) {
    return new ChangeQuery(THINGS, "helpdesk", null, cursor, List.of(), untold, limit);
  }

  private static ChangeQuery since(OffsetDateTime at, @Nullable String cursor, List<String> ids) {
    return new ChangeQuery(THINGS, "helpdesk", at, cursor, ids, false, 1_000);
  }

  private JsonNode list(ChangeQuery query) throws IOException {
    RecordListing listing = changes.open(query);
    JsonBuffer buffer = new JsonBuffer();
    boolean more;
    do {
      more = listing.next(buffer);
    } while (more);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    buffer.writeTo(out);
    return Json.parse(out.toByteArray());
  }

  private static List<Long> versions(JsonNode body) {
    List<Long> versions = new ArrayList<>();
    body.get("changes").forEach(change -> versions.add(change.get("version").longValue()));
    return versions;
  }

  private static List<String> actions(JsonNode changes) {
    List<String> actions = new ArrayList<>();
    changes.forEach(change -> actions.add(change.get("action").textValue()));
    return actions;
  }
}

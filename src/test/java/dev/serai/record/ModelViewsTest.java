package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ModelViewsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  private Records records;
  private ModelViews views;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
    views = new ModelViews(postgres.database());
    records.execute("drop schema if exists model cascade");
    postgres.environment();
    records.execute(
        """
        insert into integration (environment, unique_key, provider) values (1, 'desk', 'redmine'), (1, 'other', 'zendesk');
        insert into connection (environment, integration, connection_id, tenant) values (1, 1, 'c-1', 't'), (1, 2, 'c-2', 't')
        """);
  }

  @Test
  void each_unified_model_is_a_table_with_typed_columns() {
    records.page(
        save(
            "Ticket",
            "{\"id\":1,\"title\":\"It's on fire\",\"assignee_ids\":[\"7\"],\"due_at\":\"2026-01-02T03:04:05+02:00\"}"),
        save("Comment", "{\"id\":2,\"ticket_id\":\"1\",\"body\":\"b\",\"is_private\":true}"),
        save("User", "{\"id\":3,\"name\":\"n\",\"is_active\":null}"),
        save("Project", "{\"id\":4,\"name\":\"n\",\"custom_fields\":{\"a\":1}}"));

    int made = views.bring(List.of());

    assertThat(made).isEqualTo(4);
    assertThat(
            records.all(
                "select concat_ws(' ', environment, connection, integration, provider, variant, id, title, assignee_ids, extract(epoch from due_at)::int, deleted_at, sealed) from model.ticket"))
        .containsExactly("dev c-1 desk redmine base 1 It's on fire [\"7\"] 1767315845 f");
    assertThat(records.all("select concat_ws(' ', id, ticket_id, is_private) from model.comment"))
        .containsExactly("2 1 t");
    assertThat(records.all("select concat_ws(' ', id, name, is_active) from model.\"user\""))
        .containsExactly("3 n");
    assertThat(records.all("select custom_fields ->> 'a' from model.project")).containsExactly("1");
    assertThat(
            records.all(
                "select column_name || ' ' || data_type from information_schema.columns where table_schema = 'model'"
                    + " and table_name = 'ticket' and column_name in ('title', 'status', 'tags', 'due_at', 'model_deleted_at', 'deleted_at')"
                    + " order by 1"))
        .containsExactly(
            "deleted_at timestamp with time zone",
            "due_at timestamp with time zone",
            "model_deleted_at timestamp with time zone",
            "status text",
            "tags jsonb",
            "title text");
  }

  @Test
  void a_value_of_another_type_shows_as_null_and_the_rest_of_the_view_stays() throws Exception {
    schema(
        "Visit",
        """
        {"properties": {"id": {}, "n": {"type": ["integer", "null"]}, "at": {"type": "string", "format": "date-time"},
          "ok": {"type": "boolean"}, "t": {"type": "string"}, "any": {}, "de'l \\"x": {"type": "number"}, "provider": {"type": "string"}}}
        """);
    records.page(save("Visit", "{\"id\":0}"));
    String[] odd = {
      "\"never\"",
      "\"now\"",
      "\"2026-13-45T00:00:00Z\"",
      "\"infinity\"",
      "1e400",
      "-0.5",
      "true",
      "null",
      "[]",
      "{\"a\":1}",
      "\"\"",
      "\"2026-01-02T00:00:00Z\"",
      "\"9999999999-01-01T00:00:00Z\""
    };
    for (int i = 0; i < odd.length; i++) {
      records.execute(
          """
          insert into record (collection, external_id, version, added_version, hash, data, bytes, first_seen_at, last_modified_at, last_action)
          select id, '%1$d', 100 + %1$d, 1, '', jsonb_build_object('n', v, 'at', v, 'ok', v, 't', v, 'any', v, 'de''l "x', v, 'provider', v),
            0, now(), now(), 'a' from collection, cast('%2$s' as jsonb) v
          """
              .formatted(i + 1, odd[i]));
    }

    int made = views.bring(own("Visit"));

    assertThat(made).isEqualTo(5);
    assertThat(
            records.all(
                "select concat_ws(' ', id, n = 1e400, at is null, ok, t is null, any is null, \"de'l \"\"x\", model_provider is null)"
                        .replace("any is", "\"any\" is")
                    + " from model.redmine_visit order by cast(id as int)"))
        .containsExactly(
            "0 t t t t",
            "1 t f f f",
            "2 t f f f",
            "3 t f f f",
            "4 t f f f",
            "5 t t f f " + "1" + "0".repeat(400) + " f",
            "6 f t f f -0.5 f",
            "7 t t f f f",
            "8 t t t t",
            "9 t f f f",
            "10 t f f f",
            "11 t f f f",
            "12 f f f f",
            "13 t f f f");
  }

  @Test
  void deleted_pruned_and_sealed_records_say_so() {
    records.page(
        save(
            "User",
            "{\"id\":1,\"name\":\"a\"}",
            "{\"id\":2,\"name\":\"b\"}",
            "{\"id\":3,\"name\":\"c\"}"));
    records.page(delete("User", "1"));
    records.execute("update record set data = null, pruned_at = now() where external_id = '2'");
    records.execute("update record set data = null, sealed = '\\x01' where external_id = '3'");

    views.bring(List.of());

    assertThat(
            records.all(
                "select concat_ws(' ', id, name, deleted_at is null, pruned_at is null, sealed) from model.\"user\" order by id"))
        .containsExactly("1 a f t f", "2 t f f", "3 t t t");
  }

  @Test
  void a_start_changes_nothing_unless_a_schema_has_changed() throws Exception {
    schema("Visit", "{\"properties\": {\"id\": {}, \"a\": {\"type\": \"string\"}}}");
    views.bring(own("Visit"));

    assertThat(views.bring(own("Visit"))).isZero();
    schema(
        "Visit",
        "{\"properties\": {\"id\": {}, \"b\": {\"type\": \"number\"}, \"a\": {\"type\": \"number\"}}}");
    assertThat(views.bring(own("Visit"))).isEqualTo(1);

    assertThat(records.all("select concat(a, b) from model.redmine_visit")).isEmpty();
    assertThat(
            records.all(
                "select data_type from information_schema.columns where table_name = 'redmine_visit' and column_name in ('a', 'b')"))
        .containsExactly("numeric", "numeric");
  }

  @Test
  void a_view_that_somebody_builds_on_is_left_alone_and_the_others_are_made() throws Exception {
    schema("Visit", "{\"properties\": {\"id\": {}, \"a\": {\"type\": \"string\"}}}");
    views.bring(own("Visit"));
    records.execute(
        "create view model.report as select a from model.redmine_visit; drop view model.ticket");
    schema("Visit", "{\"properties\": {\"id\": {}, \"b\": {\"type\": \"number\"}}}");

    int made = views.bring(own("Visit"));

    assertThat(made).isEqualTo(1);
    assertThat(records.all("select a from model.report")).isEmpty();
    assertThat(records.all("select id from model.ticket")).isEmpty();
  }

  @Test
  void nodes_that_start_at_once_make_each_view_once() throws Exception {
    int made = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starts =
          java.util.stream.IntStream.range(0, 6)
              .mapToObj(
                  i -> threads.submit(() -> new ModelViews(postgres.database()).bring(List.of())))
              .toList();
      for (var start : starts) {
        made += start.get(60, java.util.concurrent.TimeUnit.SECONDS);
      }
    }

    assertThat(made).isEqualTo(4);
    assertThat(
            records.all(
                "select relname from pg_class where relnamespace = 'model'::regnamespace order by 1"))
        .containsExactly("comment", "project", "ticket", "user");
  }

  @Test
  void a_role_that_may_only_read_the_views_reads_them_and_no_table() throws Exception {
    records.page(save("User", "{\"id\":1,\"name\":\"a\"}"));
    views.bring(List.of());
    String role = "viewer_" + ProcessHandle.current().pid();
    records.execute(
        """
        drop role if exists %1$s;
        create role %1$s login password 'x';
        grant usage on schema model to %1$s;
        grant select on all tables in schema model to %1$s;
        alter default privileges in schema model grant select on tables to %1$s
        """
            .formatted(role));
    records.execute("drop view model.\"user\"");
    views.bring(List.of());

    try (Connection viewer = DriverManager.getConnection(postgres.jdbcUrl(), role, "x");
        Statement statement = viewer.createStatement()) {
      var row = statement.executeQuery("select name from model.\"user\"");
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("a");
      assertThatThrownBy(() -> statement.executeQuery("select * from record"))
          .hasMessageContaining("permission denied");
    }
    records.execute("drop owned by %1$s; drop role %1$s".formatted(role));
  }

  @Test
  void one_connection_and_one_record_are_reached_by_index() {
    views.bring(List.of());
    records.execute(
        """
        insert into connection (environment, integration, connection_id, tenant) select 1, 1, 'x-' || i, 't' from generate_series(1, 500) i;
        insert into collection (connection, model) select id, m from connection, (values ('Ticket'), ('User')) v(m);
        insert into record (collection, external_id, version, added_version, hash, data, bytes, first_seen_at, last_modified_at, last_action)
        select c.id, i::text, i, i, '', '{"title": "t"}', 20, now(), now(), 'a' from collection c, generate_series(1, 40) i
        """);
    for (boolean analysed : new boolean[] {false, true}) {
      if (analysed) {
        records.execute("analyze record, collection, connection, integration, environment");
      }
      List<String> all = plan("select * from model.ticket where connection = 'x-7'");
      List<String> one = plan("select * from model.ticket where connection = 'x-7' and id = '5'");

      assertThat(all)
          .as("analysed " + analysed)
          .noneMatch(line -> line.contains("Seq Scan on record"));
      assertThat(
              all.stream()
                  .filter(line -> line.contains("on record_") && !line.contains("never executed")))
          .as(String.join("\n", all))
          .hasSize(1);
      assertThat(one)
          .anyMatch(line ->
              line.contains("Index Cond: ((collection = c.id) AND (external_id = '5'::text))"));
    }
  }

  private List<String> plan(String sql) {
    List<String> plan = records.all("explain (analyze, buffers off) " + sql);
    if (Boolean.getBoolean("serai.print")) {
      plan.stream().filter(line -> !line.contains("never executed")).forEach(System.out::println);
    }
    return plan;
  }

  private List<ModelViews.Own> own(String... saved) {
    return List.of(new ModelViews.Own("redmine", folder, Set.of(saved)));
  }

  private void schema(String model, String text) throws Exception {
    Files.writeString(folder.resolve(model + ".json"), text);
  }
}

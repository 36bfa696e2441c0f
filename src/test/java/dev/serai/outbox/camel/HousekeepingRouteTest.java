package dev.serai.outbox.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.record.ModelPolicies;
import dev.serai.record.ModelPolicy;
import dev.serai.record.Models;
import dev.serai.record.RecordConversion;
import dev.serai.record.RecordPruning;
import dev.serai.record.RecordRetention;
import dev.serai.record.RecordWriter;
import dev.serai.record.Sealing;
import dev.serai.record.camel.RecordsComponent;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class HousekeepingRouteTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static void execute(String sql) {
    postgres.database().useTransaction(handle -> handle.execute(sql));
  }

  private static List<String> column(String sql) {
    return postgres.database().read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static void keepHouse() throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.getPropertiesComponent().addInitialProperty("serai.housekeeping.cron", "* * * * * ?");
      context.getRegistry().bind("serai", postgres.database().dataSource());
      Models models = Models.unifiedOnly();
      ModelPolicies policies =
          (provider, model) ->
              new ModelPolicy(new TreeSet<>(), new TreeSet<>(), null, null, Duration.ofDays(30));
      context.addComponent(
          "records",
          new RecordsComponent(
              new RecordWriter(postgres.database(), models, ModelPolicies.NONE, Sealing.OFF),
              models,
              Map.of(
                  "sweep",
                  new RecordPruning(postgres.database())::sweep,
                  "retain",
                  new RecordRetention(postgres.database(), policies)::run,
                  "convert",
                  new RecordConversion(postgres.database(), policies, Sealing.OFF)::convert)));
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              ResourceHelper.resolveResource(
                  context, "file:" + Path.of("routes/housekeeping.camel.yaml").toAbsolutePath()));
      context.start();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> column("select external_id from record").equals(List.of("young")));
    }
  }

  @Test
  void what_is_done_and_old_goes_and_the_rest_stays() throws Exception {
    postgres.environment();
    execute(
        """
        insert into message (id, environment, type, body, created_at) values
          ('old', 1, 'sync', '{}', now() - interval '31 days'),
          ('old-but-unsent', 1, 'sync', '{}', now() - interval '31 days'),
          ('young', 1, 'sync', '{}', now() - interval '29 days')
        """);
    execute(
        """
        insert into delivery (message, url, state) values
          ('old', 'http://a', 'delivered'), ('old', 'http://b', 'abandoned'),
          ('old-but-unsent', 'http://a', 'delivered'), ('old-but-unsent', 'http://b', 'pending'),
          ('young', 'http://a', 'delivered')
        """);
    execute(
        "insert into attempt (delivery, number, took_ms, status) select id, 1, 5, 200 from delivery");
    execute(
        """
        insert into sync_run (sync, mode, phase, ended_at) values
          (1, 'full', 'ended', now() - interval '91 days'),
          (1, 'full', 'ended', now() - interval '91 days'),
          (2, 'full', 'reading', null)
        """);
    execute(
        "insert into seen (run, page, collection, ids) values (2, 1, 1, '{a}'), (3, 1, 1, '{b}'), (99, 1, 1, '{c}')");
    execute(
        "insert into action_run (environment, connection, action, ended_at) values (1, 1, 'a', now() - interval '91 days')");

    execute(
        "insert into collection (connection, model, version, deleted) values (1, 'Ticket', 2, 2)");
    execute(
        """
        insert into record (collection, external_id, version, added_version, hash, bytes, first_seen_at, last_modified_at,
          last_action, deleted_at)
        select 1, id, v, v, '', 0, at, at, 'd', at
        from (values ('old', 1, now() - interval '31 days'), ('young', 2, now() - interval '29 days')) as x(id, v, at)
        """);

    keepHouse();

    assertThat(column("select id::text from action_run")).isEmpty();
    assertThat(column("select id from message order by id"))
        .containsExactly("old-but-unsent", "young");
    assertThat(column("select message from delivery order by id"))
        .containsExactly("old-but-unsent", "old-but-unsent", "young");
    assertThat(column("select count(*)::text from attempt")).containsExactly("3");
    assertThat(column("select id::text from sync_run order by id")).containsExactly("2", "3");
    assertThat(column("select run::text from seen")).containsExactly("3");
  }
}

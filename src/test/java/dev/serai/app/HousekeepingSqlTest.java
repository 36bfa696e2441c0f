package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The statements that housekeeping runs every minute: nobody would see one that cannot work. */
class HousekeepingSqlTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private static final Path SQL = Path.of("routes/sql");

  @BeforeEach
  void connected() {
    postgres.environment();
    execute("insert into integration (environment, unique_key, provider) values (1, 'i', 'p')");
    execute(
        """
        insert into connection (environment, integration, connection_id, tenant, deleted_at) values
          (1, 1, 'live', 't', null), (1, 1, 'gone', 't', now())
        """);
  }

  @Test
  void each_of_them_runs() throws Exception {
    try (Stream<Path> files = Files.list(SQL)) {
      List<Path> all = files.sorted().toList();
      assertThat(all).hasSizeGreaterThan(5);
      for (Path file : all) {
        run(file.getFileName().toString());
      }
    }
  }

  @Test
  void webhook_addresses_go_with_their_connection_or_when_nobody_took_them_up() throws Exception {
    execute(
        """
        insert into webhook_address (uuid, connection, ticket, secret, made_at) values
          (gen_random_uuid(), 1, '\\x01', null, now() - interval '25 hours'),
          (gen_random_uuid(), 1, '\\x02', null, now() - interval '23 hours'),
          (gen_random_uuid(), 1, '\\x03', '\\xff', now() - interval '1 year'),
          (gen_random_uuid(), 2, '\\x04', '\\xff', now())
        """);

    run("delete-old-webhook-addresses.sql");

    assertThat(column("select ticket::text from webhook_address order by 1"))
        .containsExactly("\\x02", "\\x03");
  }

  @Test
  void webhooks_go_when_they_need_not_be_known_any_more_and_none_before_it_is_done()
      throws Exception {
    execute(
        """
        insert into webhook_arrival (uuid, environment, integration, provider, delivery, state, keep_until)
          select gen_random_uuid(), 1, 1, 'p', d, s, now() + k * interval '1 day'
            from (values ('old', 'dispatched', -1), ('known', 'dispatched', 1),
                         ('waiting', 'arrived', -1), ('working', 'dispatched', -1)) as v (d, s, k)
        """);
    execute(
        "insert into webhook_task (arrival, connection, provider, event, position) select id, 1, 'p', 'e', 0 from webhook_arrival where delivery = 'working'");

    run("delete-old-arrivals.sql");

    assertThat(column("select delivery from webhook_arrival order by 1"))
        .containsExactly("known", "waiting", "working");
  }

  @Test
  void what_webhooks_said_last_is_known_for_longer_than_a_failed_one_is_kept() throws Exception {
    execute(
        "insert into webhook_latest select 1, 'Ticket', d::text, now() - d * interval '1 day' from unnest(array[0, 31, 39, 41]) d");

    run("delete-old-latest-webhooks.sql");

    assertThat(column("select external_id from webhook_latest order by 1"))
        .containsExactly("0", "31", "39");
  }

  private static void run(String file) throws IOException {
    execute(Files.readString(SQL.resolve(file)));
  }

  private static void execute(String sql) {
    postgres.database().useTransaction(handle -> handle.execute(sql));
  }

  private static List<String> column(String sql) {
    return postgres.database().read(h -> h.createQuery(sql).mapTo(String.class).list());
  }
}

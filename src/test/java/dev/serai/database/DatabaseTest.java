package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.support.TestDatabase;
import dev.serai.support.Marked;
import org.jdbi.v3.core.Handle;
import java.util.function.Function;
import java.util.function.Consumer;
import java.util.List;
import java.nio.charset.StandardCharsets;
import java.io.StringWriter;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @Test
  void a_transaction_that_throws_leaves_nothing() {
    assertThatThrownBy(() ->
            postgres
                .database()
                .useTransaction(handle -> {
                  handle.execute(
                      "insert into message (id, environment, type, body) values ('m', 1, 't', '')");
                  throw new IllegalStateException("on purpose");
                }))
        .hasMessage("on purpose");

    assertThat(count("message")).isZero();
  }

  @Test
  void a_test_starts_with_empty_tables_and_first_ids() {
    assertThat(postgres.environment()).isEqualTo(1);
    assertThat(count("environment")).isEqualTo(1);
  }

  @Test
  void a_current_server_with_read_committed_passes_the_check() {
    postgres.database().verify();
  }

  @Test
  void sessions_give_up_before_a_lease_can_run_out() {
    String timeouts =
        postgres
            .database()
            .read(handle ->
                handle
                    .createQuery(
                        "select current_setting('transaction_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('lock_timeout')")
                    .mapTo(String.class)
                    .one());

    assertThat(timeouts).isEqualTo("30s 15s 10s");
  }

  @Test
  void a_statement_that_fails_tells_nobody_what_it_was_given() {
    String canary = Marked.secret("value of a statement");
    assertThat(postgres.environment()).isEqualTo(1);
    String insert =
        "insert into environment (id, name, webhook_signing_key) overriding system value"
            + " values (1, :name, :sealed)";

    for (Consumer<Handle> broken :
        List.<Consumer<Handle>>of(
            handle ->
                handle
                    .createUpdate(insert)
                    .bind("name", canary)
                    .bind("sealed", canary.getBytes(StandardCharsets.UTF_8))
                    .execute(),
            handle ->
                handle
                    .createUpdate("insert into environment (name) values (:name)")
                    .bind("name", canary)
                    .execute(),
            handle ->
                handle
                    .prepareBatch("insert into environment (name) values (:name)")
                    .bind("name", canary)
                    .add()
                    .bind("name", canary)
                    .add()
                    .execute(),
            handle ->
                handle
                    .createQuery("select (:json::jsonb)::text")
                    .bind("json", "{\"a\": " + canary)
                    .mapTo(String.class)
                    .one())) {
      for (Function<Consumer<Handle>, Object> way :
          List.<Function<Consumer<Handle>, Object>>of(
              work ->
                  postgres
                      .database()
                      .inTransaction(handle -> {
                        work.accept(handle);
                        return 1;
                      }),
              work ->
                  postgres
                      .database()
                      .control(handle -> {
                        work.accept(handle);
                        return 1;
                      }))) {
        StringWriter told = new StringWriter();
        try {
          Object unused = way.apply(broken);
          throw new AssertionError("it went through");
        } catch (RuntimeException e) {
          e.printStackTrace(new PrintWriter(told));
        }
        assertThat(told.toString()).contains("PSQLException").doesNotContain(canary, "hushhush");
      }
    }
  }

  private static int count(String table) {
    return postgres
        .database()
        .read(handle ->
            handle.createQuery("select count(*) from " + table).mapTo(Integer.class).one());
  }
}

package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.support.TestDatabase;
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

  private static int count(String table) {
    return postgres
        .database()
        .read(handle ->
            handle.createQuery("select count(*) from " + table).mapTo(Integer.class).one());
  }
}

package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.support.TestServer;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;

class MigrationsTest {

  @Test
  void a_second_run_changes_nothing() {
    DatabaseAddress address = TestServer.shared().emptyDatabase();

    assertThat(new Migrations(address).run(away -> {})).isPositive();
    assertThat(new Migrations(address).run(away -> {})).isZero();
  }

  @Test
  void an_older_node_refuses_a_newer_schema() throws Exception {
    DatabaseAddress address = TestServer.shared().freshDatabase();
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into flyway_schema_history (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)"
              + " values (999, '9000', 'later', 'SQL', 'V9000__later.sql', 1, 'serai', 1, true)");
    }

    assertThatThrownBy(() -> new Migrations(address).run(away -> {}))
        .isInstanceOfSatisfying(
            DatabaseException.class, e -> assertThat(e.code()).isEqualTo("schema_newer"))
        .hasMessageContaining("9000")
        .hasMessageContaining("upgrade this node");
  }
}

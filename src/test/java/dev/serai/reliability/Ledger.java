package dev.serai.reliability;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.database.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Serai's database seen from outside. A trigger writes every version of every record down in the
 * transaction that commits it, so that nothing about versions has to be believed.
 */
final class Ledger {
  private final Supplier<DatabaseAddress> database;

  Ledger(Supplier<DatabaseAddress> database) {
    this.database = database;
  }

  /** Reads one row's column into whatever is wanted. */
  interface Reading<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** One committed change of a record. */
  record Entry(long collection, String id, long version, char action) {}

  /** From here on every version is written down. */
  void open() {
    execute(
        """
        create table ledger (
          collection bigint not null, external_id text not null, version bigint not null, action "char" not null)
        """);
    execute(
        """
        create function write_down() returns trigger language plpgsql as $$
        begin
          if tg_op = 'INSERT' or new.version is distinct from old.version then
            insert into ledger values (new.collection, new.external_id, new.version, new.last_action);
          end if;
          return null;
        end $$
        """);
    execute(
        "create trigger write_down after insert or update on record for each row execute function write_down()");
  }

  List<Entry> entries(long collection) {
    return list(
        "select collection, external_id, version, action from ledger where collection = ? order by version",
        row ->
            new Entry(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4).charAt(0)),
        collection);
  }

  /** All changes of a collection by kind. */
  Changes changes(long collection) {
    Map<Character, Long> counts = new TreeMap<>();
    entries(collection).forEach(entry -> counts.merge(entry.action(), 1L, Long::sum));
    return new Changes(
        counts.getOrDefault('a', 0L), counts.getOrDefault('u', 0L), counts.getOrDefault('d', 0L));
  }

  /** The collection of a connection and model; 0: none yet. */
  long collection(String connection, String model) {
    return list(
            "select c.id from collection c join connection x on x.id = c.connection where x.connection_id = ? and c.model = ?",
            row -> row.getLong(1),
            connection,
            model)
        .stream()
        .findFirst()
        .orElse(0L);
  }

  long version(long collection) {
    return number("select version from collection where id = ?", collection);
  }

  /** Live records by id. */
  Map<String, JsonNode> live(long collection) {
    Map<String, JsonNode> live = new TreeMap<>();
    list(
            "select external_id, data from record where collection = ? and deleted_at is null",
            row -> Map.entry(row.getString(1), Json.parse(row.getString(2))),
            collection)
        .forEach(entry -> live.put(entry.getKey(), entry.getValue()));
    return live;
  }

  /** The runs of a sync, oldest first, as JSON rows. */
  List<JsonNode> runs(String connection, String sync) {
    return list(
        """
        select row_to_json(r) from sync_run r join sync s on s.id = r.sync join connection c on c.id = s.connection
        where c.connection_id = ? and s.name = ? order by r.id
        """,
        row -> Json.parse(row.getString(1)),
        connection,
        sync);
  }

  /** How many runs of a sync have ended. */
  long ended(String connection, String sync) {
    return runs(connection, sync).stream().filter(r -> !r.path("ended_at").isNull()).count();
  }

  long number(String sql, Object... arguments) {
    return list(sql, row -> row.getLong(1), arguments).getFirst();
  }

  <T> List<T> list(String sql, Reading<T> reading, Object... arguments) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      List<T> all = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          all.add(reading.read(rows));
        }
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  void execute(String sql) {
    try (Connection connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  Connection connect() throws SQLException {
    DatabaseAddress address = database.get();
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }
}

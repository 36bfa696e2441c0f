package dev.serai.sync;

import dev.serai.support.TestDatabase;
import java.util.UUID;

/** Rows that a sync hangs on, made directly. */
final class SyncRows {
  private final TestDatabase postgres;
  private final int environment;
  private final long integration;

  SyncRows(TestDatabase postgres) {
    this.postgres = postgres;
    this.environment = postgres.environment();
    this.integration =
        insert(
            "insert into integration (environment, unique_key, provider) values (?, 'desk', 'desk') returning id",
            environment);
  }

  int environment() {
    return environment;
  }

  long integration() {
    return integration;
  }

  long connection(String tenant) {
    return insert(
        "insert into connection (environment, integration, connection_id, tenant) values (?, ?, ?, ?) returning id",
        environment,
        integration,
        UUID.randomUUID().toString(),
        tenant);
  }

  long sync(String tenant, String provider, String name) {
    return insert(
        "insert into sync (connection, tenant, provider, name) values (?, ?, ?, ?) returning id",
        connection(tenant),
        tenant,
        provider,
        name);
  }

  void expire(long sync) {
    postgres
        .database()
        .useTransaction(h ->
            h.execute(
                "update sync set lease_until = clock_timestamp() - interval '1 second' where id = ?",
                sync));
  }

  private long insert(String sql, Object... values) {
    return postgres
        .database()
        .inTransaction(h -> {
          var query = h.createQuery(sql);
          for (int i = 0; i < values.length; i++) {
            query.bind(i, values[i]);
          }
          return query.mapTo(Long.class).one();
        });
  }
}

package dev.serai.record;

import dev.serai.connection.DataKeys;
import dev.serai.database.Database;
import dev.serai.support.Marked;
import dev.serai.vault.DataKey;
import dev.serai.vault.MasterKey;
import dev.serai.vault.Vault;
import org.jspecify.annotations.Nullable;

/** Data keys as one node has them, and what its operator said about sealing. */
record TestKeys(DataKeys keys, boolean on) implements Sealing {
  static TestKeys of(Database database, boolean on) {
    Vault vault = new Vault(MasterKey.parse(Marked.MASTER_KEY));
    return new TestKeys(new DataKeys(database, vault), on);
  }

  /** Makes a connection, for nobody else is given a key. */
  static long connection(Database database, String name) {
    return database.inTransaction(handle -> {
      handle.execute(
          "insert into environment (name, webhook_signing_key) values ('dev', '\\x00') on conflict do nothing");
      handle.execute(
          """
          insert into integration (environment, unique_key, provider) select id, 'helpdesk', 'helpdesk' from environment
          on conflict do nothing
          """);
      return handle
          .createQuery(
              """
              insert into connection (environment, integration, connection_id, tenant)
              select environment, id, :name, :name from integration returning id
              """)
          .bind("name", name)
          .mapTo(Long.class)
          .one();
    });
  }

  @Override
  public @Nullable DataKey current(long connection) {
    return on ? keys.current(connection) : null;
  }

  @Override
  public DataKey key(long id) {
    return keys.key(id);
  }
}

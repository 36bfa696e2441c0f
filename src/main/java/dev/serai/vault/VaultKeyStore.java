package dev.serai.vault;

import dev.serai.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The vault's wrapped data keys; nothing here can open them. Thread-safe. */
final class VaultKeyStore {
  private final Database database;

  VaultKeyStore(Database database) {
    this.database = database;
  }

  record Wrapped(int id, byte[] wrapped) {}

  private static final String ACTIVE =
      """
      select k.id, w.wrapped
        from vault_key k left join vault_key_wrapping w on w.vault_key = k.id and w.master = :master
       where k.state = 'active'
      """;

  /**
   * The key in force; its bytes are empty if this master key cannot open it. On the small pool:
   * whoever asks may hold a connection of the large one.
   */
  Optional<Wrapped> active(byte[] master) {
    return database.control(handle -> active(handle, master));
  }

  private static Optional<Wrapped> active(Handle handle, byte[] master) {
    return handle.createQuery(ACTIVE).bind("master", master).map(VaultKeyStore::wrapped).findOne();
  }

  private static final String FIND =
      """
      select k.id, w.wrapped
        from vault_key k left join vault_key_wrapping w on w.vault_key = k.id and w.master = :master
       where k.id = :id
      """;

  Optional<Wrapped> find(int id, byte[] master) {
    return database.control(handle ->
        handle
            .createQuery(FIND)
            .bind("id", id)
            .bind("master", master)
            .map(VaultKeyStore::wrapped)
            .findOne());
  }

  private static final String ALL =
      """
      select k.id, w.wrapped
        from vault_key k left join vault_key_wrapping w on w.vault_key = k.id and w.master = :master
       order by k.id
      """;

  List<Wrapped> all(Handle transaction, byte[] master) {
    return transaction.createQuery(ALL).bind("master", master).map(VaultKeyStore::wrapped).list();
  }

  private static final String INSERT =
      "insert into vault_key default values on conflict (state) where state = 'active' do nothing returning id";

  /** The key in force, made if there is none; of two nodes that make one, both get the same. */
  Wrapped activeOrNew(byte[] master, IntFunction<byte[]> wrapping) {
    return database.control(handle -> {
      handle
          .createQuery(INSERT)
          .mapTo(int.class)
          .findOne()
          .ifPresent(id -> wrap(handle, id, master, wrapping.apply(id)));
      return active(handle, master).orElseThrow();
    });
  }

  private static final String REPLACE =
      "update vault_key set state = 'replaced', replaced_at = clock_timestamp() where state = 'active'";

  /** A new key in force; the old one only opens from now on. */
  int replace(Handle transaction, byte[] master, IntFunction<byte[]> wrapping) {
    transaction.createUpdate(REPLACE).execute();
    int id = transaction.createQuery(INSERT).mapTo(int.class).one();
    wrap(transaction, id, master, wrapping.apply(id));
    return id;
  }

  private static final String WRAP =
      """
      insert into vault_key_wrapping (vault_key, master, wrapped) values (:id, :master, :wrapped)
      on conflict (vault_key, master) do nothing
      """;

  void wrap(Handle transaction, int id, byte[] master, byte[] wrapped) {
    transaction
        .createUpdate(WRAP)
        .bind("id", id)
        .bind("master", master)
        .bind("wrapped", wrapped)
        .execute();
  }

  private static final String SEEN =
      """
      insert into vault_node (node, master, vault_key) values (:node, :master, :key)
      on conflict (node)
      do update set master = excluded.master, vault_key = excluded.vault_key, seen_at = clock_timestamp()
      """;

  /**
   * Notes what this node runs with.
   *
   * @param key that it seals with; null: it has sealed nothing yet, and asks before it does
   */
  void seen(String node, byte[] master, @Nullable Integer key) {
    database.control(handle ->
        handle
            .createUpdate(SEEN)
            .bind("node", node)
            .bind("master", master)
            .bind("key", key)
            .execute());
  }

  private static final String FORGET = "delete from vault_node where node = :node";

  void forget(String node) {
    database.control(handle -> handle.createUpdate(FORGET).bind("node", node).execute());
  }

  private static Wrapped wrapped(
      java.sql.ResultSet row, org.jdbi.v3.core.statement.StatementContext context)
      throws java.sql.SQLException {
    byte[] bytes = row.getBytes(2);
    return new Wrapped(row.getInt(1), bytes == null ? new byte[0] : bytes);
  }
}

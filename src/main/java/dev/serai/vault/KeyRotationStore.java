package dev.serai.vault;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What is known of the vault's keys and of who uses them. */
final class KeyRotationStore {
  /** A node that has not told for so long is not running, or asks before it seals. */
  static final String ALIVE = "interval '30 seconds'";

  /**
   * @param masters the ids of the master keys that open it, in hex
   */
  record Key(int id, boolean active, String since, List<String> masters) {}

  private static final String KEYS =
      """
      select k.id, k.state = 'active' as active,
             to_char(coalesce(k.replaced_at, k.created_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as since,
             array(select encode(master, 'hex') from vault_key_wrapping where vault_key = k.id order by 1) as masters
        from vault_key k order by k.id
      """;

  List<Key> keys(Handle handle) {
    return handle
        .createQuery(KEYS)
        .map((row, context) ->
            new Key(
                row.getInt("id"),
                row.getBoolean("active"),
                row.getString("since"),
                List.of((String[]) row.getArray("masters").getArray())))
        .list();
  }

  private static final String LOCK = "lock table vault_key in share row exclusive mode";

  /** One change of keys at a time; nobody who seals waits for it. */
  void lock(Handle transaction) {
    transaction.execute(LOCK);
  }

  private static final String BEHIND =
      "select node from vault_node where seen_at > clock_timestamp() - "
          + ALIVE
          + " and vault_key <> :key order by node";

  /** Running nodes that still seal with another key than this. */
  List<String> behind(Handle handle, int key) {
    return handle.createQuery(BEHIND).bind("key", key).mapTo(String.class).list();
  }

  private static final String USERS =
      "select node from vault_node where seen_at > clock_timestamp() - "
          + ALIVE
          + " and vault_key = :key order by node";

  List<String> users(Handle handle, int key) {
    return handle.createQuery(USERS).bind("key", key).mapTo(String.class).list();
  }

  private static final String ELSEWHERE =
      "select node from vault_node where seen_at > clock_timestamp() - "
          + ALIVE
          + " and master <> :master order by node";

  /** Running nodes that were started with another master key than this. */
  List<String> elsewhere(Handle handle, byte[] master) {
    return handle.createQuery(ELSEWHERE).bind("master", master).mapTo(String.class).list();
  }

  private static final String AGE =
      "select extract(epoch from clock_timestamp() - replaced_at)::bigint from vault_key where id = :id and state = 'replaced'";

  /** Seconds since it was replaced; empty if it was not, or is not there. */
  Optional<Long> secondsReplaced(Handle handle, int key) {
    return handle.createQuery(AGE).bind("id", key).mapTo(Long.class).findOne();
  }

  private static final String DELETE =
      "delete from vault_key where id = :id and state = 'replaced'";

  void delete(Handle transaction, int key) {
    transaction.createUpdate(DELETE).bind("id", key).execute();
  }

  private static final String FORGET_MASTERS =
      """
      delete from vault_key_wrapping w
       where w.master <> :master
         and exists (select 1 from vault_key_wrapping o where o.vault_key = w.vault_key and o.master = :master)
      """;

  int forgetOtherMasters(Handle transaction, byte[] master) {
    return transaction.createUpdate(FORGET_MASTERS).bind("master", master).execute();
  }

  private static final String NOT_OURS =
      """
      select count(*) from vault_key k
       where not exists (select 1 from vault_key_wrapping w where w.vault_key = k.id and w.master = :master)
      """;

  long notWrappedBy(Handle handle, byte[] master) {
    return handle.createQuery(NOT_OURS).bind("master", master).mapTo(Long.class).one();
  }
}

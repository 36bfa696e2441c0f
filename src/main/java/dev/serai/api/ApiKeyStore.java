package dev.serai.api;

import dev.serai.database.Database;
import dev.serai.vault.KeyHash;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The API keys, which are stored as hashes only: nobody can read one back. Thread-safe. */
public final class ApiKeyStore {
  private final Database database;

  public ApiKeyStore(Database database) {
    this.database = database;
  }

  private static final String FIND =
      """
      select e.id, e.name, k.scopes
        from api_key k join environment e on e.id = k.environment
       where k.hash = :hash
      """;

  Optional<Caller> find(String key) {
    return database.read(handle ->
        handle
            .createQuery(FIND)
            .bind("hash", hash(key))
            .map((row, context) ->
                new Caller(row.getInt(1), row.getString(2), texts(row.getArray(3))))
            .findOne());
  }

  private static final String PUT =
      """
      insert into api_key (environment, display_name, hash, own) values (:environment, :name, :hash, true)
      on conflict (hash) do update set own = true where not api_key.own
      """;

  /**
   * Makes this key, Serai's own, open the environment with every right; putting it again changes
   * nothing.
   */
  public void put(int environment, String displayName, UUID key) {
    database.useTransaction(handle ->
        handle
            .createUpdate(PUT)
            .bind("environment", environment)
            .bind("name", displayName)
            .bind("hash", hash(key.toString()))
            .execute());
  }

  private static final String ADD =
      """
      insert into api_key (environment, display_name, hash, scopes)
      values (:environment, :name, :hash, :scopes)
      returning id
      """;

  /** A further key with these rights; answers its id. */
  long add(int environment, String displayName, UUID key, List<String> scopes) {
    return database.inTransaction(handle ->
        handle
            .createQuery(ADD)
            .bind("environment", environment)
            .bind("name", displayName)
            .bind("hash", hash(key.toString()))
            .bind("scopes", scopes.toArray(String[]::new))
            .mapTo(Long.class)
            .one());
  }

  /** A key as it may be shown; what it is, nobody knows any more. */
  record Listed(long id, String displayName, List<String> scopes, Instant createdAt) {}

  private static final String LIST =
      "select id, display_name, scopes, created_at from api_key where environment = :environment order by id";

  List<Listed> list(int environment) {
    return database.read(handle ->
        handle
            .createQuery(LIST)
            .bind("environment", environment)
            .map((row, context) ->
                new Listed(
                    row.getLong(1),
                    row.getString(2),
                    texts(row.getArray(3)),
                    row.getTimestamp(4).toInstant()))
            .list());
  }

  // Two that delete the last two keys at once wait for each other: one of the keys stays.
  private static final String LOCK = "select 1 from environment where id = :environment for update";

  private static final String DROP =
      """
      delete from api_key
       where environment = :environment and id = :id
         and exists (select 1 from api_key o where o.environment = :environment and o.id <> :id)
      """;

  /** False if there is none, or it is the environment's last. */
  boolean drop(int environment, long id) {
    return database.inTransaction(handle -> {
      int locked =
          handle.createQuery(LOCK).bind("environment", environment).mapTo(Integer.class).one();
      return locked
          == handle.createUpdate(DROP).bind("environment", environment).bind("id", id).execute();
    });
  }

  private static final String DROP_OTHERS =
      """
      delete from api_key
       where environment = :environment and own and hash <> :hash
      """;

  /**
   * Makes this the only key of Serai's own: one that was replaced opens nothing any more. Keys that
   * somebody made stay, whatever they are called.
   */
  public void replace(int environment, String displayName, UUID key) {
    database.useTransaction(handle -> {
      handle
          .createUpdate(DROP_OTHERS)
          .bind("environment", environment)
          .bind("hash", hash(key.toString()))
          .execute();
      handle
          .createUpdate(PUT)
          .bind("environment", environment)
          .bind("name", displayName)
          .bind("hash", hash(key.toString()))
          .execute();
    });
  }

  /** A key may be written in either case. */
  private static byte[] hash(String key) {
    return KeyHash.of(key.toLowerCase(Locale.ROOT));
  }

  private static List<String> texts(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}

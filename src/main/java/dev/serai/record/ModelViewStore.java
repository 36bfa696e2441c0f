package dev.serai.record;

import dev.serai.database.Database;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Makes and replaces views. */
final class ModelViewStore {
  /** What each view was made from stands in its comment. */
  private static final String MADE =
      """
      select relname, coalesce(obj_description(oid, 'pg_class'), '') as comment
      from pg_class where relnamespace = to_regnamespace('model') and relkind = 'v'
      """;

  /** Several nodes may start at once; a view that somebody reads is left for the next start. */
  private static final String ALONE =
      "set local lock_timeout = '5s'; select pg_advisory_xact_lock(hashtext('serai model views'))";

  private static final String SCHEMA = "create schema if not exists model";

  private final Database database;

  ModelViewStore(Database database) {
    this.database = database;
  }

  /** Comments by view. */
  Map<String, String> made() {
    return database.read(ModelViewStore::made);
  }

  private static Map<String, String> made(Handle handle) {
    Map<String, String> made = new TreeMap<>();
    handle
        .createQuery(MADE)
        .map((row, context) -> made.put(row.getString("relname"), row.getString("comment")))
        .list();
    return made;
  }

  /** Makes the view; answers false if another node has done so meanwhile. */
  boolean make(ModelView view, String comment) {
    return database.inTransaction(transaction -> {
      transaction.execute(ALONE);
      if (comment.equals(made(transaction).get(view.name()))) {
        return false;
      }
      transaction.execute(SCHEMA);
      String name = "model." + ModelView.identifier(view.name());
      String create = "create or replace view " + name + " as " + view.query();
      transaction.savepoint("before");
      try {
        transaction.execute(create);
      } catch (UnableToExecuteStatementException e) {
        transaction.rollbackToSavepoint("before");
        transaction.execute("drop view if exists " + name);
        transaction.execute(create);
      }
      transaction.execute("comment on view " + name + " is " + ModelView.literal(comment));
      return true;
    });
  }
}

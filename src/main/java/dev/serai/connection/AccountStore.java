package dev.serai.connection;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Whose connections are, as providers say. */
final class AccountStore {
  private static final String ACCOUNT = "select account from connection where id = :id";

  /** Who it is at the provider, as far as anybody said. */
  Optional<String> find(Handle transaction, long id) {
    return transaction.createQuery(ACCOUNT).bind("id", id).mapTo(String.class).findOne();
  }

  private static final String SET_ACCOUNT =
      "update connection set account = :account where id = :id";

  void set(Handle transaction, long id, String account) {
    transaction.createUpdate(SET_ACCOUNT).bind("id", id).bind("account", account).execute();
  }

  private static final String HELD =
      """
      with me as (
        select coalesce(cast(:user as text), (
          select own.end_user->>'id' from connection own
           where own.integration = :integration and own.connection_id = :connection
             and own.deleted_at is null)) as id)
      select exists (
        select 1
          from me, connection c join integration i on i.id = c.integration
         where c.environment = :environment and i.provider = :provider and c.account = :account
           and c.deleted_at is null
           and not (c.integration = :integration and c.connection_id = :connection)
           and (me.id is null or c.end_user->>'id' is distinct from me.id))
      """;

  boolean heldByAnother(
      Handle transaction, Connection candidate, String account, @Nullable String endUser) {
    return transaction
        .createQuery(HELD)
        .bind("environment", candidate.environment())
        .bind("provider", candidate.provider())
        .bind("account", account)
        .bind("integration", candidate.integration())
        .bind("connection", candidate.connectionId())
        .bind("user", endUser)
        .mapTo(Boolean.class)
        .one();
  }
}

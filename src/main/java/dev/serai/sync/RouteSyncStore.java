package dev.serai.sync;

import org.jdbi.v3.core.Handle;

/** The rows of {@code sync} as the loaded routes want them. */
final class RouteSyncStore {
  private static final String FILL =
      """
      insert into sync (connection, tenant, provider, name, blocked)
      select c.id, c.tenant, i.provider, :name, c.prepare_due_at is not null
      from connection c join integration i on i.id = c.integration
      where i.provider = :provider and c.deleted_at is null
        and not exists (select 1 from sync s where s.connection = c.id and s.name = :name and s.variant = 'base')
      order by c.id limit :limit
      for share of c
      on conflict do nothing
      """;

  /** Makes missing rows for existing connections, a batch at a time. */
  int fill(Handle handle, String provider, String name, int limit) {
    return handle
        .createUpdate(FILL)
        .bind("provider", provider)
        .bind("name", name)
        .bind("limit", limit)
        .execute();
  }

  private static final String PARK =
      """
      with chosen as (
        select id from sync
        where state = 'active' and not (provider || '/' || name = any(:routes)) and not (provider = any(:spared))
        order by connection, id for update)
      update sync s set state = 'parked' from chosen where s.id = chosen.id
      """;

  int park(Handle handle, String[] routes, String[] spared) {
    return handle
        .createUpdate(PARK)
        .bindArray("routes", String.class, (Object[]) routes)
        .bindArray("spared", String.class, (Object[]) spared)
        .execute();
  }

  private static final String UNPARK =
      """
      with chosen as (
        select id from sync where state = 'parked' and provider || '/' || name = any(:routes)
        order by connection, id for update)
      update sync s set state = 'active', due_at = clock_timestamp() from chosen where s.id = chosen.id
      """;

  int unpark(Handle handle, String[] routes) {
    return handle
        .createUpdate(UNPARK)
        .bindArray("routes", String.class, (Object[]) routes)
        .execute();
  }
}

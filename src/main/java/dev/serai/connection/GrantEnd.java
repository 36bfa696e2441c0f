package dev.serai.connection;

import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a grant: what is known of it, its syncs and its webhook change together. Thread-safe. */
final class GrantEnd {
  private static final Logger LOG = LoggerFactory.getLogger(GrantEnd.class);

  private final RefreshRooms rooms;
  private final RefreshStore refreshes;
  private final GrantStore grants = new GrantStore();
  private final AuthMessages messages;

  GrantEnd(RefreshRooms rooms, RefreshStore refreshes) {
    this.rooms = rooms;
    this.refreshes = refreshes;
    this.messages = new AuthMessages(rooms.database(), rooms.outbox(), rooms.links());
  }

  /**
   * Judges, behind the fence and after everything was read again.
   *
   * @param app with which it was asked, as {@link GrantStore#app} tells; a misconfigured app is
   *     judged only while it is in force
   * @param usable the access token may still be used, so that syncs go on with it
   * @return false: somebody changed the credentials or that app meanwhile, and nothing was judged
   */
  boolean judge(
      Connection connection,
      long fence,
      long generation,
      String app,
      RefreshOutcome.Over why,
      boolean usable) {
    UUID log = UUID.randomUUID();
    boolean judged =
        rooms
            .database()
            .inTransaction(handle ->
                (why.state() != GrantState.MISCONFIGURED
                        || grants.holdApp(handle, connection.integration()).equals(app))
                    && grants.hold(handle, connection.id())
                    && refreshes
                        .find(handle, connection.id())
                        .filter(now -> now.generation() == generation)
                        .filter(now -> over(handle, connection, fence, why, now))
                        .filter(now ->
                            now.state() == why.state()
                                || tell(handle, connection, why, usable, log))
                        .isPresent());
    if (judged) {
      rooms.outbox().wake();
      LOG.warn("{}: {} (log {})", connection.label(), why.message(), log);
    }
    return judged;
  }

  private boolean over(
      Handle handle, Connection connection, long fence, RefreshOutcome.Over why, Standing now) {
    boolean again = why.state() == GrantState.MISCONFIGURED;
    return refreshes.over(handle, connection.id(), fence, why, again ? MendTries.pause(now) : null);
  }

  /** Once: what is tried again and stands as before is nothing new. */
  private boolean tell(
      Handle handle, Connection connection, RefreshOutcome.Over why, boolean usable, UUID log) {
    grants.note(handle, connection.id(), log);
    messages.over(handle, connection, why.code(), why.message());
    if (!usable) {
      rooms.listeners().forEach(listener -> listener.stopped(handle, connection));
    }
    return true;
  }

  /** The last token of a grant that is over has ended too. May be said any number of times. */
  void ended(Connection connection) {
    rooms
        .database()
        .useTransaction(handle -> {
          if (grants.hold(handle, connection.id())) {
            rooms.listeners().forEach(listener -> listener.stopped(handle, connection));
          }
        });
  }
}

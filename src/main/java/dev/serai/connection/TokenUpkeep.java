package dev.serai.connection;

import dev.serai.database.DatabaseTrouble;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What nobody asks for: renewals whose owner died are finished, and refresh tokens that would die
 * of idleness are used when half of their time has passed. In small batches that no two nodes
 * share. Thread-safe; may be called however often.
 */
public final class TokenUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(TokenUpkeep.class);
  private static final int BATCH = 50;

  /** What fails, or dies with its node, is looked at again then. */
  private static final Duration CLAIM = Duration.ofMinutes(5);

  /** A provider file may begin to declare that tokens die of idleness. */
  private static final Duration NEVER = Duration.ofDays(1);

  private final RefreshRooms rooms;
  private final TokenKeeper keeper;
  private final RefreshStore store;
  private final GrantStore grants = new GrantStore();
  private final DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("looking after tokens");
  private volatile boolean formerLifeReleased;
  private volatile Map<GrantState, Long> over = new EnumMap<>(GrantState.class);

  public TokenUpkeep(RefreshRooms rooms, TokenKeeper keeper) {
    this.rooms = rooms;
    this.keeper = keeper;
    this.store = new RefreshStore(rooms.database());
  }

  /**
   * One look.
   *
   * @param going asked before every connection
   */
  public void run(BooleanSupplier going) {
    try {
      if (!formerLifeReleased) {
        grants.releaseFormerLife(rooms.database(), rooms.settings().node());
        formerLifeReleased = true;
      }
      each(grants.orphans(rooms.database(), BATCH), going, this::finish);
      each(grants.mendable(rooms.database(), BATCH), going, this::finish);
      keeper.confirm(going);
      List<Long> claimed;
      do {
        claimed = grants.claim(rooms.database(), BATCH, CLAIM);
        each(claimed, going, this::look);
      } while (claimed.size() == BATCH && going.getAsBoolean());
      over = grants.over(rooms.database());
      trouble.over();
    } catch (RuntimeException e) {
      if (!DatabaseTrouble.is(e)) {
        throw e;
      }
      trouble.met(e);
    }
  }

  /** How many grants stood so at the last look. */
  public long over(GrantState state) {
    return over.getOrDefault(state, 0L);
  }

  private interface Work {
    void on(Connection connection, Standing standing);
  }

  private void each(List<Long> ids, BooleanSupplier going, Work work) {
    for (long id : ids) {
      if (!going.getAsBoolean()) {
        return;
      }
      Connection connection = rooms.connections().find(id).orElse(null);
      Standing standing = store.find(id).orElse(null);
      if (connection == null || standing == null) {
        continue;
      }
      try {
        work.on(connection, standing);
      } catch (RuntimeException e) {
        if (DatabaseTrouble.is(e)) {
          throw e;
        }
        LOG.warn("{}: its token could not be looked after: {}", connection.label(), e.toString());
      }
    }
  }

  private void finish(Connection connection, Standing standing) {
    keeper.renew(connection, standing.generation(), null, rooms.settings().patience());
  }

  private void look(Connection connection, Standing standing) {
    Grant grant = rooms.vault().open(connection.id(), standing.stored());
    Duration idle = rooms.renewing(connection, grant.credentials()).idle();
    Duration wait = Idleness.left(standing, idle, grant.credentials()).orElse(NEVER);
    boolean due = !wait.isPositive() && standing.state() == GrantState.LIVE;
    if (due && rooms.renewal().possible(connection, grant.credentials())) {
      finish(connection, standing);
    } else {
      schedule(connection, standing, wait.isPositive() ? wait : NEVER);
    }
  }

  /** A little later, so that what came together is not due together. */
  private void schedule(Connection connection, Standing standing, Duration wait) {
    long spread = 1 + wait.toMillis() / 20;
    grants.schedule(
        rooms.database(),
        connection.id(),
        standing.generation(),
        wait.plusMillis(ThreadLocalRandom.current().nextLong(spread)));
  }
}

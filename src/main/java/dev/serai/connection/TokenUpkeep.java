package dev.serai.connection;

import dev.serai.connection.UpkeepLane.Offered;
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
 * What nobody asks for: renewals whose owner died, or had no answer, are finished while the
 * provider still takes the old token, and refresh tokens that would die of idleness are used when
 * half of their time has passed. Each on a thread of its own: a provider that keeps silent keeps no
 * other one's tokens waiting. No two nodes share work. Thread-safe; may be called however often.
 */
public final class TokenUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(TokenUpkeep.class);
  private static final int BATCH = 50;
  private static final int ORPHANS_AT_ONCE = 32;
  private static final int IDLE_AT_ONCE = 8;

  /** What fails, or dies with its node, is looked at again then. */
  private static final Duration CLAIM = Duration.ofMinutes(5);

  /** A provider file may begin to declare that tokens die of idleness. */
  private static final Duration NEVER = Duration.ofDays(1);

  /** Of the pause between two looks. */
  private static final Duration LOOK = Duration.ofSeconds(4);

  private static final Duration SOON = Duration.ofSeconds(10);

  private final RefreshRooms rooms;
  private final TokenKeeper keeper;
  private final RefreshStore store;
  private final GrantStore grants = new GrantStore();
  private final UpkeepLane orphans = new UpkeepLane(ORPHANS_AT_ONCE);
  private final UpkeepLane idle = new UpkeepLane(IDLE_AT_ONCE);
  private final DatabaseTrouble.Told trouble = new DatabaseTrouble.Told("looking after tokens");
  private volatile boolean formerLifeReleased;
  private volatile Map<GrantState, Long> over = new EnumMap<>(GrantState.class);

  public TokenUpkeep(RefreshRooms rooms, TokenKeeper keeper) {
    this.rooms = rooms;
    this.keeper = keeper;
    this.store = new RefreshStore(rooms.database());
  }

  /**
   * One look. What it begins goes on after it.
   *
   * @param going asked before every connection
   */
  public void run(BooleanSupplier going) {
    try {
      if (!formerLifeReleased) {
        grants.releaseFormerLife(rooms.database(), rooms.settings());
        formerLifeReleased = true;
      }
      finishOrphans(going);
      tryMended(going);
      keeper.confirm(going);
      lookAtIdle(going);
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

  /** Nothing that a look began is under way. */
  boolean rests() {
    return orphans.idle() && idle.idle();
  }

  /** Read anew after every batch: whose grace ends first comes first. */
  private void finishOrphans(BooleanSupplier going) {
    long until = System.nanoTime() + LOOK.toNanos();
    List<Long> batch;
    boolean begun;
    do {
      begun = false;
      batch = grants.orphans(rooms.database(), BATCH);
      for (long id : batch) {
        Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
        Offered offered =
            going.getAsBoolean()
                ? orphans.offer(id, () -> on(id, this::finish), left)
                : Offered.NO_ROOM;
        if (offered == Offered.NO_ROOM) {
          return;
        }
        begun |= offered == Offered.BEGUN;
      }
    } while (begun && batch.size() == BATCH && System.nanoTime() < until);
  }

  /** Apps that were not accepted; what finds no room now does at a later look. */
  private void tryMended(BooleanSupplier going) {
    for (long id : grants.mendable(rooms.database(), BATCH)) {
      if (!going.getAsBoolean()
          || idle.offer(id, () -> on(id, this::finish), Duration.ZERO) == Offered.NO_ROOM) {
        return;
      }
    }
  }

  private void lookAtIdle(BooleanSupplier going) {
    List<Long> claimed;
    do {
      claimed = grants.claim(rooms.database(), BATCH, CLAIM);
      for (long id : claimed) {
        if (!going.getAsBoolean()) {
          return;
        }
        on(id, this::look);
      }
    } while (claimed.size() == BATCH);
  }

  private interface Work {
    void on(Connection connection, Standing standing);
  }

  private void on(long id, Work work) {
    try {
      Connection connection = rooms.connections().find(id).orElse(null);
      Standing standing = store.find(id).orElse(null);
      if (connection != null && standing != null) {
        work.on(connection, standing);
      }
    } catch (RuntimeException e) {
      if (DatabaseTrouble.is(e)) {
        trouble.met(e);
      } else {
        LOG.warn("A token could not be looked after (connection row {}): {}", id, e.toString());
      }
    }
  }

  private void finish(Connection connection, Standing standing) {
    keeper.renew(connection, standing.generation(), null, rooms.settings().patience());
  }

  private void look(Connection connection, Standing standing) {
    Grant grant = rooms.vault().open(connection.id(), standing.stored());
    Duration dies = rooms.renewing(connection, grant.credentials()).idle();
    Duration wait = Idleness.left(standing, dies, grant.credentials()).orElse(NEVER);
    boolean due = !wait.isPositive() && standing.state() == GrantState.LIVE;
    if (!due || !rooms.renewal().possible(connection, grant.credentials())) {
      schedule(connection, standing, wait.isPositive() ? wait : NEVER);
      return;
    }
    Offered offered =
        idle.offer(connection.id(), () -> on(connection.id(), this::finish), Duration.ZERO);
    if (offered == Offered.NO_ROOM) {
      schedule(connection, standing, SOON);
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

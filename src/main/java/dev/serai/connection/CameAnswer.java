package dev.serai.connection;

import dev.serai.database.DatabaseTrouble;
import dev.serai.http.HttpAnswer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A provider's answer in its owner's hands: perhaps the only token there is, until it is stored.
 *
 * @param fence of the owner that sent
 * @param generation that it was asked for with
 * @param came by this process's own clock, in nanoseconds
 */
record CameAnswer(
    Connection connection, long fence, long generation, HttpAnswer answer, long came) {
  private static final Logger LOG = LoggerFactory.getLogger(CameAnswer.class);

  static CameAnswer now(Connection connection, long fence, long generation, HttpAnswer answer) {
    return new CameAnswer(connection, fence, generation, answer, System.nanoTime());
  }

  Duration waited() {
    return Duration.ofNanos(System.nanoTime() - came);
  }

  /**
   * Stores it; while the database is away it waits in memory. False: it is not its owner's to
   * understand any more, though it may have been kept for whoever does.
   */
  boolean kept(
      RefreshRooms rooms, RefreshStore store, RefreshJournal journal, Refresh.Parting parting) {
    byte[] sealed = SealedAnswer.seal(rooms.sealing(), connection.id(), generation, answer);
    while (true) {
      try {
        return store.answered(connection.id(), fence, sealed, waited()) || late(journal, sealed);
      } catch (RuntimeException e) {
        if (!DatabaseTrouble.is(e) || parting.over()) {
          throw e;
        }
        LOG.warn(
            "{}: a new token waits for the database: {}",
            connection.label(),
            DatabaseTrouble.reason(e));
        pause();
      }
    }
  }

  /** Always false: whoever comes next understands it. */
  private boolean late(RefreshJournal journal, byte[] sealed) {
    if (answer.ok() && journal.late(connection, fence, generation, sealed, waited())) {
      LOG.warn("{}: an answer came late, and is kept", connection.label());
    }
    return false;
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(200));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "CameAnswer[hidden]";
  }
}

package dev.serai.sync;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.connection.Connection;
import dev.serai.record.RecordPage;
import java.util.Optional;

/** The integrator's route, as the engine sees it: something a page is sent through. Thread-safe. */
public interface PageRoute {
  /**
   * Runs the route on one page. The route hands records to {@code page}; nothing is saved here.
   *
   * @return why the page must not be committed: an exception, a rollback mark; empty if it may be
   */
  Optional<Throwable> process(Connection connection, ArrayNode records, RecordPage page);
}

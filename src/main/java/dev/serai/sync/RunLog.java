package dev.serai.sync;

import dev.serai.connection.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per ended run, for the operator. */
final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.serai.sync.run");

  private RunLog() {}

  static void ended(
      Connection connection, Lease lease, Run run, Verdict verdict, boolean written, long nanos) {
    String what =
        "%s sync %s run %d (%s), %d ms"
            .formatted(connection.label(), lease.name(), run.id(), run.mode(), nanos / 1_000_000);
    if (!written) {
      LOG.warn("{}: lease lost before the end was written", what);
      return;
    }
    switch (verdict) {
      case Verdict.Success() -> LOG.info("{}: done", what);
      case Verdict.Cancelled() -> LOG.info("{}: cancelled", what);
      case Verdict.Failed f ->
          LOG.warn("{}: failed, {} ({}): {}", what, f.code(), f.errorClass(), f.message());
      case Verdict.Suspended s ->
          LOG.warn("{}: goes on later, {}: {}", what, s.code(), s.message());
      case Verdict.LetGo() -> LOG.info("{}: let go", what);
    }
  }
}

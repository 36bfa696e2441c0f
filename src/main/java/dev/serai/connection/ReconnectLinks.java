package dev.serai.connection;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Makes links by which a customer renews one connection that is over, and nothing else. */
@FunctionalInterface
public interface ReconnectLinks {
  ReconnectLinks NONE = (transaction, connection) -> Optional.empty();

  /** Valid if and only if the transaction commits; empty if this Serai has no Connect page. */
  Optional<String> link(Handle transaction, Connection connection);
}

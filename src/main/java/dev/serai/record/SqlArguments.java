package dev.serai.record;

import java.time.OffsetDateTime;
import java.util.Collection;
import org.jdbi.v3.core.argument.Argument;

/** Binds what the library does not: arrays for {@code unnest}, exact times. */
final class SqlArguments {
  private SqlArguments() {}

  static Argument texts(Collection<String> values) {
    return of("text", values.toArray(String[]::new));
  }

  static Argument longs(Collection<Long> values) {
    return of("int8", values.toArray(Long[]::new));
  }

  /** A time as the driver itself knows it: to the microsecond, and infinity for MAX. */
  static Argument exact(OffsetDateTime time) {
    return (position, statement, context) -> statement.setObject(position, time);
  }

  static Argument of(String type, Object[] values) {
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf(type, values));
  }
}

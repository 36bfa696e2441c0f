package dev.serai.record;

import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

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

  /** One column of many rows, for {@code unnest}. */
  static <T> Argument column(String type, List<T> rows, Function<T, @Nullable Object> value) {
    return of(type, rows.stream().map(value).toArray());
  }

  static <T> Argument bytes(List<T> rows, Function<T, byte @Nullable []> value) {
    return of("bytea", rows.stream().map(value).toArray(byte[][]::new));
  }

  static Argument of(String type, Object[] values) {
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf(type, values));
  }
}

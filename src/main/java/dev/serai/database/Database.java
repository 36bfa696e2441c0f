package dev.serai.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;

/**
 * The pools to one PostgreSQL and the only way to a transaction. Every transaction is READ
 * COMMITTED: the writer protocol relies on each statement seeing what was committed before it.
 *
 * <p>Two pools, because a heartbeat must not wait behind page commits: {@code work} for everything,
 * {@code control} (small) for claims and heartbeats. The server ends a transaction that outlives
 * {@link Limits#transaction()}, so a stopped process frees its locks before its lease runs out.
 * Thread-safe.
 */
public final class Database implements AutoCloseable {
  private static final int OLDEST_SERVER = 180_000;

  private final HikariDataSource work;
  private final HikariDataSource control;
  private final Jdbi workJdbi;
  private final Jdbi controlJdbi;

  /**
   * @param connections size of the work pool
   * @param transaction the longest a transaction may live; must be below the lease of a sync
   * @param lock the longest a statement waits for a lock
   */
  public record Limits(int connections, Duration transaction, Duration lock) {
    public static final Limits DEFAULT =
        new Limits(12, Duration.ofSeconds(30), Duration.ofSeconds(10));
  }

  /** Opens the pools lazily: a database that is away does not stop the start. */
  public Database(String jdbcUrl, String user, String password, Limits limits) {
    this.work = pool("work", jdbcUrl, user, password, limits, limits.connections());
    this.control = pool("control", jdbcUrl, user, password, limits, 3);
    this.workJdbi = silent(work);
    this.controlJdbi = silent(control);
  }

  /** What a statement was given may be a secret: no message of a failure repeats it. */
  private static Jdbi silent(DataSource pool) {
    return Jdbi.create(pool)
        .configure(
            StatementExceptions.class,
            exceptions ->
                exceptions.setMessageRendering(StatementExceptions.MessageRendering.NONE));
  }

  /** As the other constructor, from an address. */
  public Database(DatabaseAddress address, Limits limits) {
    this(address.jdbcUrl(), address.user(), address.password(), limits);
  }

  /**
   * Refuses a server the rest would be wrong on: one older than 18, or a pool whose transactions
   * are not READ COMMITTED. Throws as any statement does while the database is away.
   */
  public void verify() {
    workJdbi.useHandle(handle -> {
      int version =
          handle
              .createQuery("select current_setting('server_version_num')::int")
              .mapTo(Integer.class)
              .one();
      if (version < OLDEST_SERVER) {
        throw new DatabaseException(
            "postgres_too_old",
            "This PostgreSQL is %d; Serai needs 18 or newer: upgrade the server SERAI_DATABASE_URL names"
                .formatted(version / 10_000));
      }
      String isolation =
          handle
              .createQuery("select current_setting('transaction_isolation')")
              .mapTo(String.class)
              .one();
      if (!isolation.equals("read committed")) {
        throw new DatabaseException(
            "isolation",
            "Transactions are '%s' here; they must be 'read committed': remove what sets default_transaction_isolation"
                .formatted(isolation));
      }
    });
  }

  private static HikariDataSource pool(
      String name, String url, String user, String password, Limits limits, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("serai-" + name);
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(Math.min(2, size));
    config.setConnectionTimeout(10_000);
    config.setInitializationFailTimeout(-1);
    // Once per connection: naming the level at every transaction asks the server for it each time,
    // which cost three times the round trips of the transaction itself.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.addDataSourceProperty("ApplicationName", "serai-" + name);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    // The server's details quote the row that it refuses, and a batch's message its values.
    config.addDataSourceProperty("logServerErrorDetail", "false");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    config.addDataSourceProperty("socketTimeout", "120");
    // A plan kept from when a table was empty read it whole, per row, once it had grown: 16 s for
    // a page of 10,000 instead of 0.5. Planning anew costs a fraction of a millisecond.
    config.setConnectionInitSql(
        String.format(
            Locale.ROOT,
            "set plan_cache_mode = force_custom_plan; set transaction_timeout = %d; set idle_in_transaction_session_timeout = %d; set lock_timeout = %d",
            limits.transaction().toMillis(),
            limits.transaction().toMillis() / 2,
            limits.lock().toMillis()));
    return new HikariDataSource(config);
  }

  /** Runs the work in one transaction of the work pool; any exception rolls all of it back. */
  public <T> T inTransaction(Function<Handle, T> work) {
    return workJdbi.inTransaction(work::apply);
  }

  /** As {@link #inTransaction}, without a result. */
  public void useTransaction(Consumer<Handle> work) {
    workJdbi.useTransaction(work::accept);
  }

  /** Runs single statements, each its own transaction. */
  public <T> T read(Function<Handle, T> work) {
    return workJdbi.withHandle(work::apply);
  }

  /** A transaction on the small pool that page commits cannot fill: claims and heartbeats only. */
  public <T> T control(Function<Handle, T> work) {
    return controlJdbi.inTransaction(work::apply);
  }

  /** The database's clock, which all nodes share. */
  public OffsetDateTime now() {
    return read(
        handle -> handle.createQuery("select clock_timestamp()").mapTo(OffsetDateTime.class).one());
  }

  /** The work pool, for libraries that want a DataSource (Flyway, camel-sql). */
  public DataSource dataSource() {
    return work;
  }

  @Override
  public void close() {
    work.close();
    control.close();
  }
}

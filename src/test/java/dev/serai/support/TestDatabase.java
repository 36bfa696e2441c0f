package dev.serai.support;

import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real, migrated PostgreSQL for one test class, empty before every test. Use it as
 * {@code @RegisterExtension static final TestDatabase postgres = new TestDatabase();}. The server
 * is shared by the test JVM, the database is the class's own.
 */
public final class TestDatabase
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private Database database;
  private DatabaseAddress address;
  private List<String> tables = List.of();

  /** The pools; open while the class runs. */
  public Database database() {
    return database;
  }

  /** For whoever connects by himself (a second node, a second pool). */
  public DatabaseAddress address() {
    return address;
  }

  public String jdbcUrl() {
    return address.jdbcUrl();
  }

  /** Adds the environment {@code dev} (its signing key is not a sealed one) and answers its id. */
  public int environment() {
    return database.inTransaction(handle ->
        handle
            .createQuery(
                "insert into environment (name, webhook_signing_key) values ('dev', '\\x00') returning id")
            .mapTo(Integer.class)
            .one());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    address = TestServer.shared().freshDatabase();
    database = new Database(address, Database.Limits.DEFAULT);
    tables =
        database.read(handle ->
            handle
                .createQuery(
                    "select quote_ident(relname) from pg_class where relnamespace = 'public'::regnamespace"
                        + " and relkind in ('r', 'p') and not relispartition and relname <> 'flyway_schema_history'")
                .mapTo(String.class)
                .list());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    database.useTransaction(handle ->
        handle.execute("truncate " + String.join(", ", tables) + " restart identity cascade"));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Leaks.look(address);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    database.close();
    TestServer.shared().drop(address);
  }
}

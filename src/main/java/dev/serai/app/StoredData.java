package dev.serai.app;

import dev.serai.database.Database;
import dev.serai.database.DatabaseAddress;
import dev.serai.database.EmbeddedPostgres;
import java.util.function.Function;

/** The database of a Serai that runs, for commands beside it. */
final class StoredData {
  private StoredData() {}

  /**
   * @throws SettingsException when no Serai runs that has it
   */
  static <T> T with(Function<Database, T> work) {
    Logs.quiet();
    Settings settings = Settings.read(Cli.home(), System.getenv());
    try (Database database = new Database(address(settings), Database.Limits.DEFAULT)) {
      return work.apply(database);
    }
  }

  static DatabaseAddress address(Settings settings) {
    DatabaseAddress external = settings.secrets().database();
    return external != null
        ? external
        : EmbeddedPostgres.running(settings.folders().data())
            .orElseThrow(() ->
                new SettingsException(
                    "No Serai runs on the data folder %s: start one (./serai run), this is done beside it"
                        .formatted(settings.folders().data())));
  }
}

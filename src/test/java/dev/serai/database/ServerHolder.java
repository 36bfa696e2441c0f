package dev.serai.database;

import java.nio.file.Path;

/**
 * A JVM of its own that runs a server until it is killed; started by {@link EmbeddedPostgresTest}.
 */
final class ServerHolder {
  private ServerHolder() {}

  public static void main(String[] args) throws Exception {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.start(
            new EmbeddedPostgres.Options(Path.of(args[0]), Path.of(args[1]), true));
    System.out.println("ready " + postgres.port());
    Thread.sleep(120_000);
    postgres.close();
  }
}

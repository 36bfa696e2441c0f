package dev.serai.connection;

import dev.serai.database.Database;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.vault.Vault;
import java.nio.charset.StandardCharsets;

/** A provider's answer to a refresh as it waits to be understood, for tests elsewhere. */
public final class RefreshAnswers {
  private RefreshAnswers() {}

  public static void keep(Database database, Vault vault, long connection) {
    byte[] body = ("{\"access_token\":\"t-" + connection + "\"}").getBytes(StandardCharsets.UTF_8);
    byte[] sealed =
        SealedAnswer.seal(vault, connection, 1, new HttpAnswer(200, Headers.NONE, body));
    database.useTransaction(handle ->
        handle.execute(
            "insert into token_refresh (connection, fence, phase, answer) values (?, 1, 'answered', ?)",
            connection,
            sealed));
  }

  /** As whoever takes up an answer that its owner left behind. */
  public static HttpAnswer takeUp(Database database, Vault vault, long connection) {
    Standing standing = new RefreshStore(database).find(connection).orElseThrow();
    byte[] answer = standing.answer();
    if (answer == null) {
      throw new AssertionError("no answer was kept");
    }
    return SealedAnswer.open(vault, connection, standing.generation(), answer);
  }
}

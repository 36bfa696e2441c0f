package dev.serai.connection.auth;

import dev.serai.connection.Credentials;
import dev.serai.connection.Renewal.Renewed;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Tokens;

/** How one auth mode gets a token for what a connection has already. Thread-safe. */
interface Exchange {
  /**
   * Asks once. A mode that signs by itself answers its own question.
   *
   * @throws dev.serai.http.HttpFailure when no answer came
   */
  HttpAnswer ask(Demand demand);

  /** What the answer says, whatever it is. */
  TokenAnswer understand(HttpAnswer answer);

  /** The credentials with the token in them. */
  Credentials granted(Demand demand, TokenAnswer answer, String token);

  Tokens.Renewing renewing();

  /** What a refusal means for a grant that was to be renewed. */
  default Renewed meaning(Refusal refusal) {
    return refusal.meaning(renewing());
  }
}

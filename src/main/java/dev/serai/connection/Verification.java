package dev.serai.connection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.SeraiException;
import dev.serai.http.Headers;
import dev.serai.http.HttpAnswer;
import dev.serai.provider.Jslt;
import dev.serai.provider.Provider;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tries credentials with the provider's declared call before a connection is accepted. */
public final class Verification {
  /** What the provider thinks of the credentials. */
  public sealed interface Outcome {
    /**
     * @param account who it is, where the provider's call tells; else null
     */
    record Accepted(@Nullable String account) implements Outcome {}

    /** The provider declares no call to try them with. */
    record NotDeclared() implements Outcome {}

    /**
     * The provider answered, and it was no yes.
     *
     * @param said its own words, from {@link ProviderWords}; null: none
     */
    record Refused(int status, String message, @Nullable String said) implements Outcome {}

    /** No answer came; {@code why} has the code, e.g. {@code address_refused}. */
    record Unreachable(SeraiException why) implements Outcome {}
  }

  private final HttpProviderClient client;

  public Verification(HttpProviderClient client) {
    this.client = client;
  }

  /**
   * @param candidate the connection as it would be, its configuration checked; its id is not used
   */
  public Outcome verify(Connection candidate, Grant offered) {
    Provider provider = client.provider(candidate.provider());
    Provider.Verify verify = provider.verify();
    if (verify == null) {
      return new Outcome.NotDeclared();
    }
    ProviderCall call =
        new ProviderCall(
            verify.method(), verify.path(), List.of(), Headers.NONE, verify.body(), true);
    try {
      HttpAnswer answer = client.callOnce(candidate, offered, call);
      if (!verify.statuses().contains(answer.status())) {
        return refused(
            provider, answer, offered, "the credentials or the address are not accepted");
      }
      Jslt expected = verify.expect();
      return expected == null || holds(expected, answer)
          ? new Outcome.Accepted(account(verify, answer))
          : refused(
              provider,
              answer,
              offered,
              "this is something else than expected: is the address right?");
    } catch (SeraiException e) {
      return new Outcome.Unreachable(e);
    }
  }

  /**
   * @param why for an answer without words of its own
   */
  private static Outcome refused(Provider provider, HttpAnswer answer, Grant offered, String why) {
    Provider.Verify verify = Objects.requireNonNull(provider.verify());
    String said = ProviderWords.of(answer, offered.secrets(provider));
    String message =
        "%s answered %d to %s %s: %s"
            .formatted(
                provider.displayName(),
                answer.status(),
                verify.method(),
                verify.path(),
                Objects.requireNonNullElse(said, why));
    return new Outcome.Refused(answer.status(), message, said);
  }

  private static @Nullable String account(Provider.Verify verify, HttpAnswer answer) {
    Jslt expression = verify.account();
    if (expression == null) {
      return null;
    }
    try {
      JsonNode account = expression.apply(Json.parse(answer.body()));
      return account.isValueNode() && !account.isNull() && !account.asText().isEmpty()
          ? account.asText()
          : null;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  private static boolean holds(Jslt expected, HttpAnswer answer) {
    try {
      return expected.holds(Json.parse(answer.body()));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}

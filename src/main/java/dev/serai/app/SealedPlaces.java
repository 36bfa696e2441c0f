package dev.serai.app;

import dev.serai.vault.SealedPlace;
import java.util.List;

/**
 * Every column whose values the vault sealed. Tests hold it against the database, and change and
 * swap a value in each.
 */
public final class SealedPlaces {
  /** Of the credentials that were in force when it was asked for: they are until it is read. */
  private static final String REFRESH_ANSWER =
      "connection || '/' || (select generation from credential where credential.connection = token_refresh.connection)";

  public static final List<SealedPlace> ALL =
      List.of(
          SealedPlace.of("credential", "sealed", "connection", "credential", "connection"),
          SealedPlace.of("data_key", "sealed", "connection", "data_key", "connection"),
          SealedPlace.of("integration", "credentials", "id", "integration", "id"),
          SealedPlace.of("integration", "webhook_secret", "id", "webhook_secret", "id"),
          SealedPlace.of("environment", "webhook_signing_key", "id", "webhook_signing_key", "uuid"),
          SealedPlace.of(
              "environment", "previous_signing_key", "id", "previous_signing_key", "uuid"),
          SealedPlace.of("environment", "hmac_key", "id", "hmac_key", "uuid"),
          SealedPlace.of("connect_session", "sealed", "id", "connect_session", "id").keyed("uuid"),
          SealedPlace.of("webhook_arrival", "sealed", "id", "webhook_arrival", "uuid"),
          SealedPlace.of("webhook_address", "secret", "id", "webhook_address", "uuid"),
          SealedPlace.of("message", "sealed", "id", "message", "id").keyed("text"),
          SealedPlace.passing("oauth_flow", "sealed"),
          SealedPlace.of(
              "token_refresh", "answer", "connection", "refresh_answer", REFRESH_ANSWER));

  private SealedPlaces() {}
}

package dev.serai.connection;

/** Why a grant is over, in words for its customer or the developer. */
final class GrantVerdict {
  private GrantVerdict() {}

  /**
   * @param doubted an earlier renewal may have brought a token that nobody has: then the provider's
   *     no may mean that we came with the replaced one, and not that anybody ended the access
   */
  static RefreshOutcome.Over refused(
      Connection connection, Renewal.Renewed.Refused refused, boolean doubted) {
    if (doubted && refused.why() != Renewal.Why.MISCONFIGURED) {
      return lost(connection, refused);
    }
    return switch (refused.why()) {
      case REVOKED ->
          over(
              connection,
              GrantState.DEAD,
              "refresh_token_revoked",
              "%s says that the access was withdrawn: the customer has to reconnect",
              refused);
      case EXPIRED ->
          over(
              connection,
              GrantState.DEAD,
              "refresh_token_expired",
              "%s says that the access has expired: the customer has to reconnect",
              refused);
      case MISCONFIGURED ->
          over(
              connection,
              GrantState.MISCONFIGURED,
              "integration_misconfigured",
              "%s does not accept the app of the integration: its developer has to correct client id, secret or key",
              refused);
    };
  }

  private static RefreshOutcome.Over over(
      Connection connection,
      GrantState state,
      String code,
      String words,
      Renewal.Renewed.Refused refused) {
    return new RefreshOutcome.Over(
        state,
        code,
        "%s (%s: %s)"
            .formatted(words.formatted(connection.provider()), refused.code(), refused.message()),
        true);
  }

  private static RefreshOutcome.Over lost(Connection connection, Renewal.Renewed.Refused refused) {
    return new RefreshOutcome.Over(
        GrantState.UNCERTAIN,
        "refresh_uncertain",
        ("an earlier renewal brought no answer that could be used, and %s does not take the token of before any more (%s: %s): "
                + "if it was replaced then, the new one was lost on its way, so the customer has to reconnect")
            .formatted(connection.provider(), refused.code(), refused.message()),
        true);
  }

  static RefreshOutcome.Over uncertain(Connection connection) {
    return new RefreshOutcome.Over(
        GrantState.UNCERTAIN,
        "refresh_uncertain",
        ("a renewal was interrupted, and %s takes no replaced token any more: whether it was "
                + "replaced is not known, so the customer should reconnect before the last access token ends")
            .formatted(connection.provider()),
        true);
  }

  /** Nothing can renew them, and their time is over. */
  static RefreshOutcome.Over ended(Connection connection) {
    return new RefreshOutcome.Over(
        GrantState.DEAD,
        "credentials_expired",
        "the access that %s gave has ended, and it gave nothing to renew it with: the customer has to reconnect"
            .formatted(connection.provider()),
        true);
  }

  /** Nothing can renew them, and they are refused. */
  static RefreshOutcome.Over withdrawn(Connection connection, Credentials refused) {
    String what =
        switch (refused) {
          case Credentials.ApiKey key -> "API key";
          case Credentials.Basic pair -> "user name and password";
          case Credentials.Signature pair -> "user name and password";
          default -> "access token";
        };
    return new RefreshOutcome.Over(
        GrantState.DEAD,
        "credentials_revoked",
        "%s does not accept the %s any more (it answered 401 again and again): the customer has to reconnect"
            .formatted(connection.provider(), what),
        true);
  }
}

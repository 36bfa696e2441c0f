package dev.serai.inbox;

/** Why a delivery is not believed. The provider is told no more than the code says. */
enum Refusal {
  NO_SECRET(
      "webhook_missing_secret",
      "No secret is set to prove webhooks with",
      "set the webhook secret of the integration (or of the connection) to the provider's"),
  MISSING(
      "webhook_missing_signature",
      "The webhook has no signature",
      "switch signing on at the provider"),
  WRONG(
      "webhook_invalid_signature",
      "The webhook's signature is not valid",
      "compare the webhook secret with the provider's"),
  STALE(
      "webhook_invalid_signature",
      "The webhook is too old or too new, or says no time",
      "compare the clocks; a repeated old delivery is refused as well");

  private final String code;
  private final String message;
  private final String remedy;

  Refusal(String code, String message, String remedy) {
    this.code = code;
    this.message = message;
    this.remedy = remedy;
  }

  String code() {
    return code;
  }

  String message() {
    return message;
  }

  /** For the operator's log. */
  String remedy() {
    return remedy;
  }
}

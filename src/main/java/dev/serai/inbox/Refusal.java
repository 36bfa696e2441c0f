package dev.serai.inbox;

/** Why a delivery is not believed. The provider is told no more than the code says. */
enum Refusal {
  NOT_LOADED(
      503,
      "webhook_provider_not_loaded",
      "The webhook cannot be taken now; send it again",
      "mend the provider's folder: /ready and the log say what is wrong with it"),
  NO_SECRET(
      401,
      "webhook_missing_secret",
      "No secret is set to prove webhooks with",
      "set the webhook secret of the integration (or of the connection) to the provider's"),
  MISSING(
      401,
      "webhook_missing_signature",
      "The webhook has no signature",
      "switch signing on at the provider"),
  WRONG(
      401,
      "webhook_invalid_signature",
      "The webhook's signature is not valid",
      "compare the webhook secret with the provider's"),
  STALE(
      401,
      "webhook_invalid_signature",
      "The webhook is too old or too new, or says no time",
      "compare the clocks; a repeated old delivery is refused as well"),
  UNREADABLE(
      400,
      "webhook_unreadable",
      "The webhook is not what this provider sends",
      "see whether an expression under webhooks: in provider.yaml fits what the provider sends"),
  UNUSABLE(
      500,
      "webhook_unusable_secret",
      "The secret that is set cannot be the provider's",
      "copy the webhook secret or public key again from the provider's settings, as a whole"),
  NO_KEYS(
      503,
      "webhook_keys_unavailable",
      "The keys that prove webhooks cannot be fetched now; send it again",
      "see whether the jwks address of provider.yaml answers, and serai.outgoing.allow");

  private final int status;

  private final String code;
  private final String message;
  private final String remedy;

  Refusal(int status, String code, String message, String remedy) {
    this.status = status;
    this.code = code;
    this.message = message;
    this.remedy = remedy;
  }

  /** 4xx: nothing will change it; 5xx: the provider is to send it again. */
  int status() {
    return status;
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

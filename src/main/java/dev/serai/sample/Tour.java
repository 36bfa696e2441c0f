package dev.serai.sample;

import dev.serai.sample.oauth.OAuthOptions;
import java.net.URI;
import java.util.List;

/**
 * The short tour that a first start prints: every {@code curl} line works as it stands.
 *
 * @param serai where Serai's API listens
 * @param apiKey of the environment dev
 * @param helpdesk where the simulated helpdesk listens
 * @param helpdeskKey the helpdesk's own API key
 * @param client the app that the helpdesk knows
 * @param webhookSecret what the helpdesk signs its webhooks with
 */
public record Tour(
    URI serai,
    String apiKey,
    URI helpdesk,
    String helpdeskKey,
    OAuthOptions client,
    String webhookSecret) {
  private static final String CONNECTION = "alice";

  /** The whole tour, ready to be printed. */
  public String text() {
    List<String> curls = curls();
    return """

    Serai listens on %s
    The API key of the environment dev is %s
    A sample helpdesk listens on %s; its tickets change by themselves.
    A sample backend receives webhooks and prints them here, as [backend] lines.

    1. Connect: name the helpdesk's app as an integration.
    %s
       Ask for a link for your customer, open the connect_link of the answer in a browser, choose who
       you are and allow it.
    %s
       The lines below are about a customer who needs no browser; for your own connection put the id
       that [backend] prints in place of alice.
    %s
    2. Be told: within seconds [backend] prints a signed webhook per model and collects the
       records. From now on it prints one whenever something really changed.
    3. Collect: list records as a backend does.
    %s
    4. Write back: create a ticket at the helpdesk; the next run reports it as added.
    %s
    """
        .formatted(
            serai,
            apiKey,
            helpdesk,
            curls.get(0),
            curls.get(1),
            curls.get(2),
            curls.get(3),
            curls.get(4));
  }

  /** The command lines of the tour, in order. */
  public List<String> curls() {
    return List.of(
        post(
            "/integrations",
            "",
            "{\"provider\":\"sample\",\"unique_key\":\"sample\",\"credentials\":{\"type\":\"OAUTH2\",\"client_id\":\"%s\",\"client_secret\":\"%s\",\"webhook_secret\":\"%s\"}}"
                .formatted(client.clientId(), client.clientSecret(), webhookSecret)),
        post(
            "/connect/sessions",
            "",
            "{\"end_user\":{\"id\":\"you\"},\"allowed_integrations\":[\"sample\"],\"integrations_config_defaults\":{\"sample\":{\"connection_config\":{\"url\":\"%s\"}}}}"
                .formatted(helpdesk)),
        post(
            "/connections",
            "",
            "{\"provider_config_key\":\"sample\",\"connection_id\":\"%s\",\"credentials\":{\"type\":\"API_KEY\",\"apiKey\":\"%s\"},\"connection_config\":{\"url\":\"%s\"}}"
                .formatted(CONNECTION, helpdeskKey, helpdesk)),
        "curl -s '%s/records?model=Ticket&limit=3' %s%s".formatted(serai, key(), as()),
        post(
            "/action/trigger",
            as(),
            "{\"action_name\":\"create-ticket\",\"input\":{\"title\":\"Printer on fire\",\"priority\":\"urgent\"}}"));
  }

  private String post(String path, String headers, String body) {
    return "curl -s %s%s %s%s -H 'Content-Type: application/json' -d '%s'"
        .formatted(serai, path, key(), headers, body);
  }

  private String key() {
    return "-H 'Authorization: Bearer %s'".formatted(apiKey);
  }

  private static String as() {
    return " -H 'Connection-Id: %s' -H 'Provider-Config-Key: sample'".formatted(CONNECTION);
  }

  @Override
  public String toString() {
    return "Tour[serai=" + serai + "]";
  }
}

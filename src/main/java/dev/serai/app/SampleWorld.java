package dev.serai.app;

import dev.serai.connection.Environment;
import dev.serai.connection.EnvironmentStore;
import dev.serai.sample.SampleBackend;
import dev.serai.sample.Simulator;
import dev.serai.sample.Tour;
import dev.serai.sample.WebhookTarget;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a newcomer tries Serai with: a simulated helpdesk whose tickets change by themselves, and a
 * small backend that is told and collects. Both on loopback, both off in production.
 */
final class SampleWorld implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SampleWorld.class);
  private static final Duration ONE_CHANGE = Duration.ofSeconds(12);
  private static final String WEBHOOK_SECRET = "sample-webhook-secret";

  private final Simulator helpdesk;
  private final SampleBackend backend;
  private final Tour tour;

  private SampleWorld(Simulator helpdesk, SampleBackend backend, Tour tour) {
    this.helpdesk = helpdesk;
    this.backend = backend;
    this.tour = tour;
  }

  /**
   * @param environment the environment dev; the helpdesk tells an integration named sample there
   */
  static SampleWorld open(Settings settings, DevAccess dev, UUID environment) {
    URI serai = URI.create("http://127.0.0.1:" + settings.listening().port());
    WebhookTarget door =
        new WebhookTarget(serai.resolve("/webhook/" + environment + "/sample"), WEBHOOK_SECRET);
    Simulator.Options options =
        Simulator.Options.TESTS
            .withPort(settings.sample().port())
            .withActivity(ONE_CHANGE)
            .withWebhook(door);
    String key = dev.key().toString();
    try {
      Simulator helpdesk = Simulator.start(options);
      SampleBackend backend =
          SampleBackend.start(
              new SampleBackend.Options(settings.sample().backendPort(), serai, key, key),
              log::info);
      Tour tour =
          new Tour(serai, key, helpdesk.uri(), options.apiKey(), options.oauth(), door.secret());
      return new SampleWorld(helpdesk, backend, tour);
    } catch (IOException e) {
      throw new SettingsException(
          "serai.sample cannot start (%s): set SERAI_SAMPLE=false to do without it"
              .formatted(e.getMessage()));
    }
  }

  /** Where the outgoing door must let us go. */
  List<URI> addresses() {
    return List.of(helpdesk.uri(), backend.uri());
  }

  /**
   * Sends the environment's webhooks to the sample backend unless somebody chose another endpoint;
   * without a sample, nobody waits there any more.
   *
   * @return whether the sample backend is told
   */
  static boolean listen(Settings settings, EnvironmentStore environments, int environment) {
    String here = "http://127.0.0.1:" + settings.sample().backendPort() + "/webhooks";
    Environment dev = environments.get(environment);
    String primary = dev.primaryUrl();
    if (settings.sample().enabled() && primary == null) {
      environments.setEndpoints(environment, here, dev.secondaryUrl());
    } else if (!settings.sample().enabled() && here.equals(primary)) {
      environments.setEndpoints(environment, null, dev.secondaryUrl());
    }
    return settings.sample().enabled() && (primary == null || here.equals(primary));
  }

  String tour() {
    return tour.text();
  }

  @Override
  public void close() {
    backend.close();
    helpdesk.close();
  }
}

package dev.serai.app;

import dev.serai.connection.ConfigSealing;
import dev.serai.connection.EnvironmentStore;
import dev.serai.database.Database;
import dev.serai.provider.Catalogue;
import dev.serai.provider.ModelRules;
import dev.serai.provider.Provider;
import dev.serai.provider.ProviderProblem;
import dev.serai.record.ModelViews;
import dev.serai.vault.StoredKeys;
import dev.serai.vault.Redactor;
import dev.serai.vault.Vault;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running Serai: database, engines, routes. Starting either succeeds or closes what it had
 * opened; closing lets pages in flight finish or roll back, then stops the database.
 */
public final class Serai implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Serai.class);

  private final Settings settings;
  private final Readiness readiness = new Readiness();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Closing closing = new Closing();
  private volatile boolean stopping;
  private @Nullable SampleWorld sample;
  private @Nullable String unseen;

  public Serai(Settings settings) {
    this.settings = settings;
  }

  public Readiness readiness() {
    return readiness;
  }

  /** Returns when everything that is not broken runs. */
  public void start() {
    long started = System.nanoTime();
    try {
      readiness.notReady("start", "starting");
      Ports.refuseTaken(settings);
      manage();
      Platform platform = platform();
      run(platform);
      readiness.clear("start");
      log.info(
          "Ready in {} s on http://{}:{}",
          Elapsed.since(started),
          settings.listening().bind(),
          settings.listening().port());
    } catch (RuntimeException | Error e) {
      closing.close();
      throw e;
    }
  }

  private void manage() {
    metrics.gauge("serai.ready", readiness, r -> r.isReady() ? 1 : 0);
    metrics.gauge("serai.routes.refused", readiness, Readiness::refusals);
    new JvmMemoryMetrics().bindTo(metrics);
    new ProcessorMetrics().bindTo(metrics);
    closing.add("JVM metrics", bound(new JvmGcMetrics()));
    try {
      closing.add(
          "management port",
          new ManagementServer(settings.listening().managementPort(), readiness, metrics));
    } catch (IOException e) {
      throw new SettingsException(
          "serai.management.port %d cannot be opened (%s): set SERAI_MANAGEMENT_PORT to a free port"
              .formatted(settings.listening().managementPort(), e.getMessage()));
    }
  }

  private JvmGcMetrics bound(JvmGcMetrics binder) {
    binder.bindTo(metrics);
    return binder;
  }

  private Platform platform() {
    Storage storage = closing.add("database", Storage.open(settings));
    Database database = storage.migrated(settings.syncing(), readiness);
    closing.add("database watch", new DatabaseWatch(storage.address(), storage.disk(), readiness));
    StoredKeys keys =
        new StoredKeys(database, settings.masterKey().read(), NodeName.of(settings)).follow();
    closing.add("vault", keys);
    Vault vault = new Vault(keys);
    DevAccess dev = Patience.with(readiness, () -> DevAccess.open(settings, database, vault));
    unseen = dev.generated() ? dev.key().toString() : null;
    Redactor redactor = new Redactor(List.of(storage.address().password(), dev.key().toString()));
    Logs.redactWith(redactor);
    return new Platform(
        settings,
        database,
        storage.address().hostPort(),
        vault,
        dev,
        Catalogue.load(settings.folders().providers()),
        redactor,
        metrics,
        readiness,
        InstantSource.system(),
        closing);
  }

  private void run(Platform platform) {
    long started = System.nanoTime();
    EnvironmentStore environments = new EnvironmentStore(platform.database());
    boolean unused =
        Patience.with(
            readiness,
            () -> SampleWorld.listen(settings, environments, platform.dev().environment()));
    show(platform);
    ConfigSealing sealing = new ConfigSealing(platform.database(), platform.vault());
    platform
        .catalogue()
        .all()
        .forEach(known -> Patience.with(readiness, () -> sealing.seal(known)));
    UUID dev =
        Patience.with(readiness, () -> environments.get(platform.dev().environment()).uuid());
    sample =
        settings.sample().enabled()
            ? closing.add("sample", SampleWorld.open(settings, platform.dev(), dev))
            : null;
    Door door = Door.open(platform, sample == null ? List.of() : sample.addresses());
    closing.add("outgoing connections", door.http());
    CamelRuntime camel = closing.add("Camel", new CamelRuntime(settings, metrics));
    Components components = Components.register(camel.context(), platform, door);
    RouteLoading loading = new RouteLoading(camel.context(), readiness, settings.folders().home());
    loading.platform(RouteFiles.platform(settings.folders().builtInRoutes()));
    camel.start();
    log.info("Platform routes run after {} s", Elapsed.since(started));
    components.started(camel.context());
    loading.added(RouteFiles.platform(settings.folders().addedRoutes()));
    for (ProviderProblem problem : platform.catalogue().problems()) {
      loading.refuse(problem);
    }
    for (Provider provider : platform.catalogue().all()) {
      int routes = loading.provider(provider.folder());
      log.info("Provider {}: {} routes", provider.name(), routes);
    }
    Patience.with(readiness, () -> components.loaded(loading.broken()));
  }

  /** Records as tables for operators with SQL. */
  private void show(Platform platform) {
    List<ModelViews.Own> own =
        platform.catalogue().all().stream()
            .map(provider ->
                new ModelViews.Own(
                    provider.name(),
                    provider.folder().resolve("schemas"),
                    ModelRules.saved(provider.folder())))
            .toList();
    ModelViews views = new ModelViews(platform.database());
    int made = Patience.with(readiness, () -> views.bring(own));
    if (made > 0) {
      log.info("Made {} views of models in the schema model", made);
    }
  }

  /** The API key that this start made and nobody has seen; empty when the tour shows it. */
  Optional<String> newKey() {
    return Optional.ofNullable(unseen).filter(key -> sample == null);
  }

  /** The tour that a newcomer is shown; empty without the sample. */
  public Optional<String> tour() {
    return Optional.ofNullable(sample).map(SampleWorld::tour);
  }

  /** Whether somebody has asked it to stop; a start then fails for no other reason. */
  boolean isStopping() {
    return stopping;
  }

  /** As {@link #close}; answers whether there was something to close. */
  boolean stop() {
    stopping = true;
    readiness.notReady("stop", "stopping");
    return closing.closeAll();
  }

  @Override
  public void close() {
    stop();
  }
}

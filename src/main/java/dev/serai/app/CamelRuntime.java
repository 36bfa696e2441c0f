package dev.serai.app;

import dev.serai.api.camel.ClosedRequests;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.main.Main;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;

/**
 * The Camel application: configured from the settings, stopped by {@link Serai} only. Camel's own
 * shutdown hook is not used, because pools and PostgreSQL must close after the last route.
 */
final class CamelRuntime implements AutoCloseable {
  /** Below ten seconds with the rest of a stop. */
  static final Duration SHUTDOWN = Duration.ofSeconds(7);

  private static final long LARGEST_BODY = 75L * 1024 * 1024;

  private final Main main = new Main();
  private final ClosedRequests closed = new ClosedRequests();

  CamelRuntime(Settings settings, MeterRegistry metrics) {
    // Read by ourselves: Camel would offer the whole file, secrets included, to every route.
    main.setDefaultPropertyPlaceholderLocation("false");
    defaults(settings.listening()).forEach(main::addInitialProperty);
    settings.visible().forEach(main::addOverrideProperty);
    main.bind(MicrometerConstants.METRICS_REGISTRY_NAME, metrics);
    main.init();
    main.getCamelContext().addRoutePolicyFactory(new MicrometerRoutePolicyFactory());
    main.getCamelContext().addRoutePolicyFactory(closed);
    // The consumer owns the outcome and tells of it once; Camel's own handler would log every
    // refusal of a provider as an error with its stack.
    main.getCamelContext()
        .getCamelContextExtension()
        .setErrorHandlerFactory(new NoErrorHandlerDefinition());
  }

  private static Map<String, String> defaults(Settings.Listening listening) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("camel.main.name", "serai");
    properties.put("camel.main.shutdownTimeout", Long.toString(SHUTDOWN.toSeconds()));
    properties.put("camel.main.shutdownSuppressLoggingOnTimeout", "true");
    properties.put("camel.main.routesCollectorEnabled", "false");
    properties.put("camel.main.streamCachingEnabled", "false");
    properties.put("camel.main.allowUseOriginalMessage", "false");
    properties.put("camel.main.startupSummaryLevel", "Off");
    properties.put("camel.server.enabled", "true");
    properties.put("camel.server.host", listening.bind());
    properties.put("camel.server.port", Integer.toString(listening.port()));
    properties.put("camel.server.path", "/");
    // Uploads would be written to disk before any key is looked at.
    properties.put("camel.server.fileUploadEnabled", "false");
    properties.put("camel.server.maxBodySize", Long.toString(LARGEST_BODY));
    return properties;
  }

  /** Configured, not started: components and platform routes are added before {@link #start}. */
  CamelContext context() {
    return main.getCamelContext();
  }

  void start() {
    main.start();
    closed.complete();
  }

  @Override
  public void close() {
    main.stop();
  }
}

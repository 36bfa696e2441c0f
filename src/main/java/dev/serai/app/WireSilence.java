package dev.serai.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps the HTTP client, the HTTP server and the signer of AWS requests from writing what goes over
 * the wire, whatever level anybody sets and whatever configuration is loaded. Headers, bodies and
 * addresses hold credentials under names that a provider chose, which no redactor can know. Of
 * their own words only warnings and errors remain: below, they write whole request lines, with a
 * flow's state in them. Thread-safe.
 */
final class WireSilence extends TurboFilter {
  private static final List<String> TALKERS =
      List.of(
          "org.apache.hc.",
          "io.vertx.ext.web.",
          "io.netty.handler.logging.",
          "software.amazon.awssdk."); // what it signs, session tokens among it

  /** Loggers that exist to print headers, bodies and frames: not a word at any level. */
  private static final List<String> WIRE =
      List.of(
          "org.apache.hc.client5.http.wire",
          "org.apache.hc.client5.http.headers",
          "org.apache.hc.client5.http2.frame",
          "io.netty.handler.logging.");

  private WireSilence() {}

  /** From now on and after every reset of this context; once is enough. */
  static void over(LoggerContext context) {
    boolean kept = context.getCopyOfListenerList().stream().anyMatch(Keeping.class::isInstance);
    if (!kept) {
      context.addListener(new Keeping());
    }
    impose(context);
  }

  private static void impose(LoggerContext context) {
    if (context.getTurboFilterList().stream().noneMatch(WireSilence.class::isInstance)) {
      WireSilence silence = new WireSilence();
      silence.setContext(context);
      silence.setName("wire silence");
      silence.start();
      context.addTurboFilter(silence);
    }
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    String name = logger.getName();
    if (TALKERS.stream().noneMatch(name::startsWith)) {
      return FilterReply.NEUTRAL;
    }
    boolean quiet = level.isGreaterOrEqual(Level.WARN) && WIRE.stream().noneMatch(name::startsWith);
    return quiet ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  /** A reset, which every new configuration begins with, takes all filters away. */
  private static final class Keeping implements LoggerContextListener {
    @Override
    public boolean isResetResistant() {
      return true;
    }

    @Override
    public void onStart(LoggerContext context) {
      impose(context);
    }

    @Override
    public void onReset(LoggerContext context) {
      impose(context);
    }

    @Override
    public void onStop(LoggerContext context) {}

    @Override
    public void onLevelChange(Logger logger, Level level) {}
  }
}

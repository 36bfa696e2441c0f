package dev.serai.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.serai.vault.Redactor;
import java.net.URL;
import org.slf4j.LoggerFactory;

/** How log lines leave: as text or JSON, and never with a secret in them. */
final class Logs {
  /** Static because Logback makes its converters by itself. */
  private static volatile Redactor redactor = new Redactor();

  private Logs() {}

  static void redactWith(Redactor knowing) {
    redactor = knowing;
    silenceWire();
  }

  /** Before the first call goes out: what is called may be a secret too. */
  static void silenceWire() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      WireSilence.over(context);
    }
  }

  static String redact(String text) {
    return redactor.redact(text);
  }

  /** Only what went wrong, for commands whose lines are for people. */
  static void quiet() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("dev.serai").setLevel(Level.WARN);
    }
  }

  /** Text is what logback.xml says; JSON replaces it. */
  static void use(Settings.LogFormat format) {
    if (format != Settings.LogFormat.JSON
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    URL file = Logs.class.getResource("/logback-json.xml");
    try {
      context.reset();
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(file);
    } catch (JoranException e) {
      throw new SettingsException("serai.log.format=json cannot be set up: " + e.getMessage());
    }
  }
}

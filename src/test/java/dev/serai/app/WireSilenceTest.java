package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireSilenceTest {
  private static final String WIRE = "org.apache.hc.client5.http.wire";
  private final LoggerContext context = new LoggerContext();

  private List<ILoggingEvent> heard() {
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.setContext(context);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return appender.list;
  }

  private void speak(String logger) {
    Logger speaker = context.getLogger(logger);
    speaker.trace("X-Tenant: s3cret");
    speaker.debug("X-Tenant: {}", "s3cret");
    speaker.info("X-Tenant: {} {}", "s3cret", 1);
    speaker.warn("X-Tenant: {} {} {}", "s3cret", 1, 2);
    speaker.error("X-Tenant", new IllegalStateException("s3cret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        WIRE,
        "org.apache.hc.client5.http.headers",
        "org.apache.hc.client5.http2.frame",
        "org.apache.hc.client5.http2.frame.payload",
        "io.netty.handler.logging.LoggingHandler"
      })
  void a_wire_log_turned_up_by_the_logging_api_says_nothing_at_any_level(String wire) {
    List<ILoggingEvent> heard = heard();
    WireSilence.over(context);
    context.getLogger(wire).setLevel(Level.TRACE);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);

    speak(wire);
    assertThat(heard).isEmpty();
    assertThat(context.getLogger(wire).isTraceEnabled()).as("nothing is even prepared").isFalse();
    context.getLogger("dev.serai.http").trace("said");
    assertThat(heard).hasSize(1);
  }

  @Test
  void a_wire_log_turned_up_by_a_new_configuration_says_nothing() throws Exception {
    WireSilence.over(context);
    context.reset();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        new ByteArrayInputStream(
            """
            <configuration>
              <logger name="org.apache.hc" level="TRACE"/>
              <logger name="org.apache.hc.client5.http.wire" level="TRACE"/>
              <root level="TRACE"/>
            </configuration>
            """
                .getBytes(StandardCharsets.UTF_8)));
    List<ILoggingEvent> heard = heard();

    assertThat(context.getLogger(WIRE).getLevel()).isEqualTo(Level.TRACE);
    speak(WIRE);
    assertThat(heard).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.hc.client5.http.impl.classic.MainClientExec",
        "io.vertx.ext.web.impl.RouterImpl"
      })
  void of_the_rest_of_client_and_server_warnings_remain(String talker) {
    List<ILoggingEvent> heard = heard();
    WireSilence.over(context);
    WireSilence.over(context);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.TRACE);

    speak(talker);
    assertThat(heard).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.ERROR);
    assertThat(context.getTurboFilterList()).hasSize(1);
  }
}

package dev.serai.secrets;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.stream.Collectors;
import java.util.regex.Pattern;
import java.util.TreeSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Hears every logger at its most talkative: as it would leave in text and in JSON, and raw, which
 * is what there is before the redactor. Keeps only what a canary is found in.
 */
final class Eavesdropper extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Canary canary;
  private final Encoder<ILoggingEvent> text = encoder(configured("/logback.xml"));
  private final Encoder<ILoggingEvent> json = encoder(configured("/logback-json.xml"));
  private final Queue<String> written = new ConcurrentLinkedQueue<>();
  private final Queue<String> raw = new ConcurrentLinkedQueue<>();
  // For secrets that are known only after they were used.
  private final Queue<String> everything = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> events = new ConcurrentHashMap<>();
  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final java.util.logging.Logger jdk = java.util.logging.Logger.getLogger("");
  // What the test's own reading of ten thousand attributes would say: eleven million lines.
  private final java.util.logging.Logger reading =
      java.util.logging.Logger.getLogger("javax.management");
  private final Handler jdkHandler = new JdkHandler();

  Eavesdropper(Canary canary) {
    this.canary = canary;
    setContext(context);
    start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAppender("console");
    root.addAppender(this);
    root.setLevel(Level.TRACE);
    context.getLoggerList().forEach(logger -> logger.setLevel(Level.TRACE));
    jdk.addHandler(jdkHandler);
    jdk.setLevel(java.util.logging.Level.ALL);
    reading.setLevel(java.util.logging.Level.OFF);
  }

  @SuppressWarnings("unchecked")
  private static Encoder<ILoggingEvent> encoder(LoggerContext configured) {
    return ((ConsoleAppender<ILoggingEvent>)
            configured.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("console"))
        .getEncoder();
  }

  private static LoggerContext configured(String file) {
    try {
      LoggerContext other = new LoggerContext();
      JoranConfigurator configurator = new JoranConfigurator();
      configurator.setContext(other);
      configurator.doConfigure(Eavesdropper.class.getResource(file));
      return other;
    } catch (ch.qos.logback.core.joran.spi.JoranException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    count(event.getLoggerName());
    String whole = whole(event);
    everything.add(event.getLoggerName() + ": " + whole);
    canary.in(whole).ifPresent(found -> heard(event, found));
  }

  /** Everything that an encoder may show. */
  private static String whole(ILoggingEvent event) {
    String thrown =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    return event.getFormattedMessage()
        + event.getMDCPropertyMap()
        + event.getThreadName()
        + event.getKeyValuePairs()
        + thrown;
  }

  private void heard(ILoggingEvent event, String found) {
    raw.add(event.getLoggerName() + ": " + found);
    for (Encoder<ILoggingEvent> encoder : List.of(text, json)) {
      canary
          .in(new String(encoder.encode(event), StandardCharsets.UTF_8))
          .ifPresent(hit -> written.add(event.getLoggerName() + ": " + hit));
    }
  }

  private void count(String logger) {
    events.computeIfAbsent(logger, any -> new LongAdder()).increment();
  }

  /** Lines as an operator's terminal or collector gets them. */
  Queue<String> written() {
    return written;
  }

  /** Lines before the redactor. */
  Queue<String> raw() {
    return raw;
  }

  /**
   * Lines before the redactor that hold what became known later. Not those of the sample provider's
   * own server: a browser brings the state to it, as RFC 6749 §4.1.1 has it.
   */
  List<String> with(Canary later) {
    return everything.stream()
        .filter(line -> later.in(line).isPresent())
        .filter(line ->
            !line.startsWith("com.sun.net.httpserver: ")
                || !line.contains("Exchange request line: GET /oauth/authorize?"))
        .toList();
  }

  long events() {
    return events.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /** Who said most. */
  String loudest() {
    return events.entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> -entry.getValue().sum()))
        .limit(3)
        .map(entry -> entry.getKey() + " " + entry.getValue().sum())
        .toList()
        .toString();
  }

  /** How many steps of routes were watched. */
  long exchanges() {
    return events.getOrDefault("exchanges", new LongAdder()).sum();
  }

  /** The ids of the routes whose steps were watched. */
  Set<String> watched() {
    Pattern route = Pattern.compile("RouteId: ([\\w-]+)");
    return everything.stream()
        .filter(line -> line.startsWith("exchanges: "))
        .flatMap(line -> route.matcher(line).results().map(found -> found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public void close() {
    stop();
    jdk.removeHandler(jdkHandler);
    jdk.setLevel(java.util.logging.Level.INFO);
    reading.setLevel(null);
    context.reset();
    restore(context);
  }

  /** What other tests of this JVM say is heard again. */
  private static void restore(LoggerContext context) {
    try {
      new ContextInitializer(context).autoConfig();
    } catch (ch.qos.logback.core.joran.spi.JoranException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class JdkHandler extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord record) {
      count(String.valueOf(record.getLoggerName()));
      String whole = formatter.format(record);
      everything.add(record.getLoggerName() + ": " + whole);
      canary.in(whole).ifPresent(found -> raw.add(record.getLoggerName() + ": " + found));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}

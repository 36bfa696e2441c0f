package dev.serai.support;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;

/** Hears everything that tests make Serai log, before any redactor, and looks for secrets in it. */
public final class LeakAppender extends AppenderBase<ILoggingEvent> {
  @Override
  protected void append(ILoggingEvent event) {
    String thrown =
        event.getThrowableProxy() == null
            ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy());
    Leaks.look(
        "logged by " + event.getLoggerName(),
        event.getFormattedMessage() + event.getMDCPropertyMap() + event.getThreadName() + thrown);
  }
}

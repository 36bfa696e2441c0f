package dev.serai.app;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.IThrowableProxy;

/** {@code %redactedEx}: the stack trace without secrets. */
public final class RedactedStack extends ThrowableProxyConverter {
  @Override
  protected String throwableProxyToString(IThrowableProxy thrown) {
    return Logs.redact(super.throwableProxyToString(thrown));
  }
}

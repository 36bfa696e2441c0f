package dev.serai.outbox.camel;

import java.io.IOException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Somebody else's connections: an endpoint that is stopped (a reload) must not close them. */
final class LentConnections implements HttpClientConnectionManager {
  private final HttpClientConnectionManager owned;

  LentConnections(HttpClientConnectionManager owned) {
    this.owned = owned;
  }

  @Override
  public LeaseRequest lease(String id, HttpRoute route, Timeout timeout, @Nullable Object state) {
    return owned.lease(id, route, timeout, state);
  }

  @Override
  public void release(
      ConnectionEndpoint endpoint, @Nullable Object state, @Nullable TimeValue validDuration) {
    owned.release(endpoint, state, validDuration);
  }

  @Override
  public void connect(
      ConnectionEndpoint endpoint, @Nullable TimeValue timeout, @Nullable HttpContext context)
      throws IOException {
    owned.connect(endpoint, timeout, context);
  }

  @Override
  public void upgrade(ConnectionEndpoint endpoint, @Nullable HttpContext context)
      throws IOException {
    owned.upgrade(endpoint, context);
  }

  @Override
  public void close(CloseMode mode) {
    // the owner closes them
  }

  @Override
  public void close() {
    // the owner closes them
  }
}

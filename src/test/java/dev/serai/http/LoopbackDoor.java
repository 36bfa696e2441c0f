package dev.serai.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * The real outgoing door whose every connection, whatever URL it is for, ends at one port of this
 * machine and in plain text: a script can stand in for {@code https://provider.test}.
 */
public final class LoopbackDoor {
  private LoopbackDoor() {}

  public static OutgoingHttp to(int port) {
    return new OutgoingHttp(
        OutgoingSettings.allowing(), SystemDefaultDnsResolver.INSTANCE, new Builder(port));
  }

  private static final class Builder extends PoolingHttpClientConnectionManagerBuilder {
    private final int port;

    Builder(int port) {
      this.port = port;
    }

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      return new Operator(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
  }

  private record Operator(InetSocketAddress target) implements HttpClientConnectionOperator {
    @Override
    public void connect(
        ManagedHttpClientConnection connection,
        HttpHost host,
        InetSocketAddress local,
        TimeValue timeout,
        SocketConfig config,
        HttpContext context)
        throws IOException {
      Socket socket = new Socket();
      socket.connect(target, 5_000);
      connection.bind(socket);
    }

    @Override
    public void upgrade(
        ManagedHttpClientConnection connection, HttpHost host, HttpContext context) {
      throw new UnsupportedOperationException("plain text only");
    }
  }
}

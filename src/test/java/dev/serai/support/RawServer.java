package dev.serai.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A server below HTTP: accepts, counts, and does to the socket what the test wants. */
public final class RawServer implements AutoCloseable {
  /** What happens to one accepted socket; it is closed afterwards. */
  public interface Handler {
    void handle(Socket socket) throws Exception;
  }

  private final ServerSocket server;
  private final AtomicInteger accepted = new AtomicInteger();

  public RawServer(Handler handler) {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket socket = server.accept();
              accepted.incrementAndGet();
              Thread.ofVirtual().start(() -> serve(handler, socket));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  public int accepted() {
    return accepted.get();
  }

  public int port() {
    return server.getLocalPort();
  }

  public String address() {
    return "127.0.0.1:" + port();
  }

  public String url() {
    return "http://" + address();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private static void serve(Handler handler, Socket socket) {
    try (socket) {
      handler.handle(socket);
    } catch (Exception e) {
      // the other side went away, which is what such tests provoke
    }
  }
}

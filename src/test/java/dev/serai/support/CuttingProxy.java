package dev.serai.support;

import dev.serai.database.DatabaseAddress;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before a PostgreSQL, understands where messages of its protocol begin and end, and cuts a
 * connection on both sides before a chosen one: a question that never arrives, or an answer to what
 * has happened that nobody gets to hear.
 */
public final class CuttingProxy implements AutoCloseable {
  /** Whose messages are counted. */
  public enum Side {
    CLIENT,
    SERVER
  }

  private final DatabaseAddress behind;
  private final ServerSocket door;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private Side side = Side.CLIENT;
  private long left = Long.MAX_VALUE;
  private boolean cut;

  public CuttingProxy(DatabaseAddress behind) {
    this.behind = behind;
    try {
      door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** For a client that is to go through here; nothing is encrypted. */
  public DatabaseAddress address() {
    URI uri = URI.create(behind.jdbcUrl().substring("jdbc:".length()));
    return new DatabaseAddress(
        "jdbc:postgresql://127.0.0.1:%d%s?sslmode=disable&gssEncMode=disable"
            .formatted(door.getLocalPort(), uri.getPath()),
        behind.user(),
        behind.password());
  }

  /** The n-th message of this side from now on, over all connections, is the last of its one. */
  public synchronized void cutAt(Side whose, long n) {
    side = whose;
    left = n;
    cut = false;
  }

  /** Cuts no more; whether it had. */
  public synchronized boolean disarm() {
    left = Long.MAX_VALUE;
    return cut;
  }

  /** Whether it has cut since it was armed. */
  public synchronized boolean wasCut() {
    return cut;
  }

  private synchronized boolean passes(Side from) {
    if (from != side || left == Long.MAX_VALUE || --left != 0) {
      return true;
    }
    left = Long.MAX_VALUE;
    cut = true;
    return false;
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        URI uri = URI.create(behind.jdbcUrl().substring("jdbc:".length()));
        Socket server = new Socket(uri.getHost(), uri.getPort());
        for (Socket socket : new Socket[] {client, server}) {
          socket.setTcpNoDelay(true);
          open.add(socket);
        }
        Thread.ofVirtual().start(() -> pump(Side.CLIENT, client, server));
        Thread.ofVirtual().start(() -> pump(Side.SERVER, server, client));
      } catch (IOException e) {
        // closed, or one connection that did not come about
      }
    }
  }

  private void pump(Side from, Socket in, Socket out) {
    try (in;
        out) {
      DataInputStream messages =
          new DataInputStream(new BufferedInputStream(in.getInputStream(), 1 << 16));
      OutputStream to = out.getOutputStream();
      boolean typed = from == Side.SERVER; // a client's first message has no type
      while (true) {
        int type = typed ? messages.readUnsignedByte() : -1;
        int length = messages.readInt();
        byte[] message = new byte[(typed ? 1 : 0) + length];
        int at = 0;
        if (typed) {
          message[at++] = (byte) type;
        }
        for (int shift = 24; shift >= 0; shift -= 8) {
          message[at++] = (byte) (length >>> shift);
        }
        messages.readFully(message, at, length - 4);
        typed = true;
        if (!passes(from)) {
          return;
        }
        to.write(message);
      }
    } catch (IOException e) {
      // either side has gone: closing both tells the other
    } finally {
      open.remove(in);
      open.remove(out);
    }
  }

  @Override
  public void close() {
    try {
      door.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

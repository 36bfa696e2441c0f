package dev.serai.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which addresses Serai may call. Public unicast addresses are free; everything else
 * (private, loopback, link-local with the clouds' metadata services, unique-local, carrier NAT,
 * multicast, documentation, and IPv6 forms that carry an IPv4 address) must be in the allow list.
 * The deny list, Serai's own ports, always wins. Immutable.
 */
public final class AddressGuard {
  private static final List<Cidr> RESERVED =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "3fff::/20")
          .map(Cidr::parse)
          .toList();

  /** IPv6 has one block of public unicast; NAT64, mapped, local and the rest lie outside it. */
  private static final Cidr PUBLIC_V6 = Cidr.parse("2000::/3");

  private final List<HostPort> allowedHosts = new ArrayList<>();
  private final List<Cidr> allowedBlocks = new ArrayList<>();
  private final List<HostPort> denied;

  /**
   * @param allow {@code host:port} or CIDR, as in {@code serai.outgoing.allow}
   * @param deny {@code host:port} of Serai's own database and management port
   * @throws IllegalArgumentException naming the entry that is neither
   */
  public AddressGuard(List<String> allow, List<String> deny) {
    for (String entry : allow) {
      String text = entry.strip();
      if (text.contains("/")) {
        allowedBlocks.add(Cidr.parse(text));
      } else {
        allowedHosts.add(HostPort.parse(text));
      }
    }
    denied = deny.stream().map(String::strip).map(HostPort::parse).toList();
  }

  /**
   * Why this URL would be refused now, in words for whoever gave it; empty if it would not be. A
   * host that nobody knows yet passes: every call asks again.
   */
  public Optional<String> refusal(String url) {
    try {
      URI uri = OutgoingUri.parse(url);
      int port = uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
      for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
        if (!permits(uri.getHost(), port, address)) {
          return Optional.of(String.valueOf(new AddressRefused(uri.getHost(), port).getMessage()));
        }
      }
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /**
   * @param host as the URL spells it
   * @param port 0 when the caller does not know it: then no {@code host:port} entry applies
   */
  boolean permits(String host, int port, InetAddress address) {
    if (denied.stream().anyMatch(d -> d.port() == port && reaches(d, host, address))) {
      return false;
    }
    return !reserved(address)
        || allowedBlocks.stream().anyMatch(b -> b.contains(address))
        || allowedHosts.stream().anyMatch(a -> a.port() == port && a.names(host, address));
  }

  static boolean reserved(InetAddress address) {
    return (!(address instanceof Inet4Address) && !PUBLIC_V6.contains(address))
        || RESERVED.stream().anyMatch(block -> block.contains(address));
  }

  /** A port of this machine is reached by each of its addresses, so all of them are denied. */
  private static boolean reaches(HostPort denied, String host, InetAddress address) {
    if (denied.names(host, address)) {
      return true;
    }
    try {
      for (InetAddress own : InetAddress.getAllByName(denied.host())) {
        if (own.equals(address) || (thisMachine(own) && thisMachine(address))) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException e) {
      return false; // a database that nobody finds cannot be reached by its address either
    }
  }

  private static boolean thisMachine(InetAddress address) {
    try {
      return address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // cannot tell: the careful answer
    }
  }

  private record HostPort(String host, int port, @Nullable InetAddress literal) {
    static HostPort parse(String text) {
      int colon = text.lastIndexOf(':');
      try {
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = bare(text.substring(0, Math.max(colon, 0)));
        if (host.isEmpty() || port < 1 || port > 65_535) {
          throw new IllegalArgumentException("'" + text + "' is neither host:port nor CIDR");
        }
        return new HostPort(host, port, Cidr.literalOrNull(host));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' is neither host:port nor CIDR", e);
      }
    }

    boolean names(String other, InetAddress address) {
      return host.equals(bare(other)) || address.equals(literal);
    }

    private static String bare(String host) {
      String lower = host.toLowerCase(Locale.ROOT);
      return lower.startsWith("[") && lower.endsWith("]")
          ? lower.substring(1, lower.length() - 1)
          : lower;
    }
  }
}

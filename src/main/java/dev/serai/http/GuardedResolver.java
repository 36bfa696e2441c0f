package dev.serai.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names for outgoing connections and hands out permitted addresses only. The client
 * connects to exactly the addresses that were checked: there is no second look-up for a rebinding
 * name server to answer differently. Literals in any spelling pass through here too. Thread-safe.
 */
public final class GuardedResolver implements DnsResolver {
  private final AddressGuard guard;
  private final DnsResolver names;
  private final String proxy;

  public GuardedResolver(AddressGuard guard) {
    this(guard, org.apache.hc.client5.http.SystemDefaultDnsResolver.INSTANCE, "");
  }

  /**
   * @param proxy {@code host:port} of the egress proxy, which is called whatever its address; empty
   *     without one
   */
  GuardedResolver(AddressGuard guard, DnsResolver names, String proxy) {
    this.guard = guard;
    this.names = names;
    this.proxy = proxy;
  }

  @Override
  public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
    boolean exempt = (host + ":" + port).equals(proxy);
    List<InetSocketAddress> permitted =
        Arrays.stream(names.resolve(host))
            .filter(address -> exempt || guard.permits(host, port, address))
            .map(address -> new InetSocketAddress(address, port))
            .toList();
    if (permitted.isEmpty()) {
      throw new AddressRefused(host, port);
    }
    return permitted;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return resolve(host, 0).stream().map(InetSocketAddress::getAddress).toArray(InetAddress[]::new);
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return names.resolveCanonicalHostname(host);
  }

  /**
   * For targets behind an egress proxy, which does its own look-up: what can be resolved here is
   * checked here. A name that only the proxy can resolve is the proxy's to judge.
   */
  void checkBehindProxy(String host, int port) throws AddressRefused {
    try {
      resolve(host, port);
    } catch (AddressRefused e) {
      throw e;
    } catch (UnknownHostException e) {
      if (Cidr.literalOrNull(host) != null) {
        throw new AddressRefused(host, port);
      }
    }
  }
}

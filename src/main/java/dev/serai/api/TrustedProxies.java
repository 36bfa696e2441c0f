package dev.serai.api;

import dev.serai.http.Cidr;
import dev.serai.http.Headers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who called, when proxies stand between. {@code X-Forwarded-For} is a claim: it is believed as far
 * as trusted proxies wrote it, read from the socket outwards, and not a hop further.
 */
public record TrustedProxies(List<Cidr> blocks) {
  /** Nobody is believed: the caller is whoever holds the socket. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  public TrustedProxies {
    blocks = List.copyOf(blocks);
  }

  /** The nearest address on the way to the caller that is no trusted proxy. */
  public String caller(String peer, Headers headers) {
    String nearest = peer;
    List<String> hops = hops(headers);
    for (int i = hops.size() - 1; i >= 0 && trusts(nearest); i--) {
      InetAddress hop = address(hops.get(i));
      if (hop == null) {
        return nearest; // a trusted proxy that names nobody: it answers for its callers itself
      }
      nearest = hop.getHostAddress();
    }
    return nearest;
  }

  private boolean trusts(String text) {
    InetAddress address = Cidr.literalOrNull(text);
    return address != null && blocks.stream().anyMatch(block -> block.contains(address));
  }

  private static List<String> hops(Headers headers) {
    List<String> hops = new ArrayList<>();
    for (String line : headers.all("X-Forwarded-For")) {
      for (String hop : line.split(",")) {
        hops.add(hop.strip());
      }
    }
    return hops;
  }

  /**
   * {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code 2001:db8::1} or {@code [2001:db8::1]:4711}.
   */
  private static @Nullable InetAddress address(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? null : Cidr.literalOrNull(hop.substring(1, end));
    }
    int colon = hop.indexOf(':');
    boolean port = colon >= 0 && colon == hop.lastIndexOf(':');
    return Cidr.literalOrNull(port ? hop.substring(0, colon) : hop);
  }
}

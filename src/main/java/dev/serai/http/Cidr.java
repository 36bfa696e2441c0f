package dev.serai.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A block of addresses, {@code 10.0.0.0/8} or {@code fc00::/7}; a single address is one too. */
public record Cidr(byte[] network, int bits) {
  /**
   * @throws IllegalArgumentException when the text is no block of literal addresses
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] network = literal(slash < 0 ? text : text.substring(0, slash));
    int bits = slash < 0 ? network.length * 8 : prefix(text, slash);
    if (bits < 0 || bits > network.length * 8) {
      throw new IllegalArgumentException(
          "'" + text + "': the prefix must lie between 0 and " + network.length * 8);
    }
    return new Cidr(network, bits);
  }

  public boolean contains(InetAddress address) {
    byte[] other = address.getAddress();
    if (other.length != network.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (network[i] != other[i]) {
        return false;
      }
    }
    int mask = 0xFF00 >> (bits % 8) & 0xFF;
    return bits % 8 == 0 || (network[whole] & mask) == (other[whole] & mask);
  }

  private static int prefix(String text, int slash) {
    try {
      return Integer.parseInt(text.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no CIDR block like 10.0.0.0/8", e);
    }
  }

  private static byte[] literal(String text) {
    try {
      return InetAddress.ofLiteral(text).getAddress();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no IP address", e);
    }
  }

  /** An address in text, without asking anybody; null when it is a name. */
  public static @Nullable InetAddress literalOrNull(String text) {
    try {
      return InetAddress.getByAddress(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException | UnknownHostException e) {
      return null;
    }
  }
}

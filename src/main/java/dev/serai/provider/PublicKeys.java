package dev.serai.provider;

import dev.serai.provider.WebhookSpec.Method;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Public keys as providers write them down. */
public final class PublicKeys {
  private static final int SHORTEST_RSA = 2_048;
  private static final int RAW = 32;
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

  /** What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
  private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

  private PublicKeys() {}

  /**
   * @param text SubjectPublicKeyInfo in PEM or base64 (RFC 7468); for Ed25519 also the bare 32
   *     bytes in hex or base64
   * @throws IllegalArgumentException when it is no key of this kind, or a weak one
   */
  public static PublicKey parse(Method method, String text) {
    try {
      PublicKey key =
          KeyFactory.getInstance(
                  switch (method) {
                    case ECDSA -> "EC";
                    case ED25519 -> "Ed25519";
                    default -> "RSA";
                  })
              .generatePublic(new X509EncodedKeySpec(bytes(method, text)));
      if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < SHORTEST_RSA) {
        throw new IllegalArgumentException("an RSA key of less than 2048 bits proves nothing");
      }
      return key;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("this is no public key for " + name(method), e);
    }
  }

  private static byte[] bytes(Method method, String text) {
    String bare = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    byte[] bytes;
    try {
      bytes =
          HEX.matcher(bare).matches()
              ? HexFormat.of().parseHex(bare)
              : Base64.getDecoder().decode(bare);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("this is no public key for " + name(method), e);
    }
    if (method != Method.ED25519 || bytes.length != RAW) {
      return bytes;
    }
    byte[] whole = java.util.Arrays.copyOf(ED25519, ED25519.length + RAW);
    System.arraycopy(bytes, 0, whole, ED25519.length, RAW);
    return whole;
  }

  private static String name(Method method) {
    return method.name().toLowerCase(java.util.Locale.ROOT);
  }
}

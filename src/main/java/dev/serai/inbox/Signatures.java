package dev.serai.inbox;

import dev.serai.provider.PublicKeys;
import dev.serai.provider.WebhookSpec.Algorithm;
import dev.serai.provider.WebhookSpec.Encoding;
import dev.serai.provider.WebhookSpec.Method;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The arithmetic of signatures (HMAC: RFC 2104; the others as {@link Method} says). */
final class Signatures {
  private Signatures() {}

  /**
   * What the provider must have sent, written as it writes it.
   *
   * @throws UnusableSecret when the secret is not written as it should be
   */
  static String expected(Proof.Signature scheme, String secret, byte[] signed) {
    try {
      byte[] sum =
          scheme.method() == Method.DIGEST ? hash(scheme, signed) : mac(scheme, secret, signed);
      return scheme.encoding() == Encoding.BASE64
          ? Base64.getEncoder().encodeToString(sum)
          : HexFormat.of().formatHex(sum);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no " + scheme.algorithm(), e);
    }
  }

  private static byte[] hash(Proof.Signature scheme, byte[] signed)
      throws GeneralSecurityException {
    return MessageDigest.getInstance(sha(scheme.algorithm())).digest(signed);
  }

  private static byte[] mac(Proof.Signature scheme, String secret, byte[] signed)
      throws GeneralSecurityException {
    String name = "Hmac" + scheme.algorithm();
    Mac mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(key(scheme.secret(), secret), name));
    return mac.doFinal(signed);
  }

  private static String sha(Algorithm algorithm) {
    return switch (algorithm) {
      case SHA1 -> "SHA-1";
      case SHA256 -> "SHA-256";
      case SHA512 -> "SHA-512";
    };
  }

  private static byte[] key(Secret declared, String secret) {
    String text =
        secret.startsWith(declared.prefix())
            ? secret.substring(declared.prefix().length())
            : secret;
    try {
      return switch (declared.encoding()) {
        case TEXT -> text.getBytes(StandardCharsets.UTF_8);
        case HEX -> HexFormat.of().parseHex(text);
        case BASE64 -> Base64.getDecoder().decode(text);
      };
    } catch (IllegalArgumentException e) {
      throw new UnusableSecret(declared.encoding().toString());
    }
  }

  /**
   * Whether one of these was made with the private half of the key.
   *
   * @throws UnusableSecret when it is no such key
   */
  static boolean verified(Proof.Signature scheme, String key, byte[] signed, List<String> given) {
    PublicKey parsed = key(scheme.method(), key);
    return given.stream().anyMatch(one -> verified(scheme, parsed, signed, one));
  }

  static PublicKey key(Method method, String text) {
    try {
      return PublicKeys.parse(method, text);
    } catch (IllegalArgumentException e) {
      throw new UnusableSecret("a public key for " + method);
    }
  }

  private static boolean verified(
      Proof.Signature scheme, PublicKey key, byte[] signed, String given) {
    try {
      Signature signature =
          Signature.getInstance(
              switch (scheme.method()) {
                case ED25519 -> "Ed25519";
                case ECDSA -> scheme.algorithm() + "withECDSA";
                default -> scheme.algorithm() + "withRSA";
              });
      signature.initVerify(key);
      signature.update(signed);
      return signature.verify(
          scheme.encoding() == Encoding.BASE64
              ? Base64.getDecoder().decode(given)
              : HexFormat.of().parseHex(given));
    } catch (SignatureException | IllegalArgumentException e) {
      return false; // not even written like one
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM cannot verify by " + scheme.method(), e);
    }
  }
}

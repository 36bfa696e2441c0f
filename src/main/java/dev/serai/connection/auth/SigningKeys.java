package dev.serai.connection.auth;

import dev.serai.Origin;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Keys as people paste them. No message here shows any of a key. */
final class SigningKeys {
  private static final Pattern PEM =
      Pattern.compile("(?s)-----BEGIN ([A-Z ]+?)-----(.*?)-----END \\1-----");

  private SigningKeys() {}

  /**
   * A private key in PEM (PKCS #8, PKCS #1 or SEC 1), also where its line breaks were lost.
   *
   * @throws AuthRefused when it is none
   */
  static PrivateKey pem(String text) {
    Matcher pem = PEM.matcher(text.replace("\\n", "\n"));
    if (!pem.find()) {
      throw refused("is no PEM text: it starts with -----BEGIN PRIVATE KEY-----");
    }
    String whole =
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(
                pem.group(1),
                pem.group(2).replaceAll("\\s+", "").replaceAll("(.{64})", "$1\n").strip(),
                pem.group(1));
    try (PEMParser parser = new PEMParser(new StringReader(whole))) {
      PrivateKeyInfo key =
          switch (parser.readObject()) {
            case PEMKeyPair pair -> pair.getPrivateKeyInfo();
            case PrivateKeyInfo info -> info;
            case null, default ->
                throw refused("must be a private key that has no password of its own");
          };
      return new JcaPEMKeyConverter().getPrivateKey(key);
    } catch (IOException | RuntimeException e) {
      if (e instanceof AuthRefused ours) {
        throw ours;
      }
      throw refused("cannot be read: copy the whole of it, from BEGIN to END");
    }
  }

  /** A shared secret as bytes. */
  static byte[] shared(String text, String encoding) {
    try {
      return switch (encoding) {
        case "hex" -> HexFormat.of().parseHex(text.strip());
        case "base64" -> Base64.getMimeDecoder().decode(text.strip());
        default -> text.getBytes(StandardCharsets.UTF_8);
      };
    } catch (IllegalArgumentException e) {
      throw refused("is not written in " + encoding);
    }
  }

  static AuthRefused refused(String why) {
    return new AuthRefused("invalid_credentials", Origin.CALLER, "the key " + why);
  }
}

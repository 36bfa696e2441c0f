package dev.serai.connection.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.serai.Json;
import dev.serai.provider.Tokens;
import dev.serai.provider.JsonTemplate;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs tokens (RFC 7515, 7519). For one thread; holds a key, hence lives as long as a request. */
final class TokenSigner {
  private final JWSAlgorithm algorithm;
  private final JWSSigner signer;
  private JWSHeader.Builder header;

  TokenSigner(String algorithm, PrivateKey key) {
    this(algorithm, signer(JWSAlgorithm.parse(algorithm), key));
  }

  private TokenSigner(String algorithm, JWSSigner signer) {
    this.algorithm = JWSAlgorithm.parse(algorithm);
    this.signer = signer;
    this.header = new JWSHeader.Builder(this.algorithm).type(JOSEObjectType.JWT);
  }

  /** A token as a provider's file describes it. */
  static String sign(Tokens.Signed signed, Values values, Instant now) {
    String key = signed.key().fill(values);
    TokenSigner signer =
        signed.encoding().equals("pem")
            ? new TokenSigner(signed.algorithm(), SigningKeys.pem(key))
            : new TokenSigner(signed.algorithm(), shared(key, signed.encoding()));
    if (signed.keyId() != null) {
      signer.header.keyID(signed.keyId().fill(values));
    }
    for (Map.Entry<String, JsonNode> more :
        JsonTemplate.fill(signed.header(), values).properties()) {
      signer.member(more.getKey(), more.getValue());
    }
    return signer.sign(JsonTemplate.fill(signed.claims(), values), now, signed.lifetime());
  }

  private void member(String name, JsonNode value) {
    if (name.equals("typ")) {
      header.type(new JOSEObjectType(value.asText()));
    } else if (name.equals("kid")) {
      header.keyID(value.asText());
    } else if (!name.equals("alg")) {
      header.customParam(name, Json.mapper().convertValue(value, Object.class));
    }
  }

  /**
   * Names the certificate in the header.
   *
   * @param how {@code none}, {@code x5t} or {@code x5t#S256}
   */
  @SuppressWarnings("deprecation") // x5t is what some authorization servers know a key by
  TokenSigner thumbprint(String how, @Nullable String certificate) {
    if (how.equals("none")) {
      return this;
    }
    X509Certificate parsed = X509CertUtils.parse(certificate == null ? "" : certificate);
    if (parsed == null) {
      throw SigningKeys.refused("needs its certificate, in PEM");
    }
    if (how.equals("x5t")) {
      header.x509CertThumbprint(digest("SHA-1", parsed));
    } else {
      header.x509CertSHA256Thumbprint(digest("SHA-256", parsed));
    }
    return this;
  }

  String sign(JsonNode claims, Instant now, Duration lifetime) {
    try {
      JWTClaimsSet all =
          new JWTClaimsSet.Builder(JWTClaimsSet.parse(Json.write(claims)))
              .issueTime(Date.from(now))
              .expirationTime(Date.from(now.plus(lifetime)))
              .build();
      SignedJWT token = new SignedJWT(header.build(), all);
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException | ParseException | IllegalArgumentException e) {
      throw SigningKeys.refused("does not sign with " + algorithm + ": is it of that kind?");
    }
  }

  private static JWSSigner shared(String key, String encoding) {
    try {
      return new MACSigner(SigningKeys.shared(key, encoding));
    } catch (JOSEException e) {
      throw SigningKeys.refused("is too short: a shared secret has at least 32 bytes");
    }
  }

  private static JWSSigner signer(JWSAlgorithm algorithm, PrivateKey key) {
    try {
      return JWSAlgorithm.Family.EC.contains(algorithm)
          ? new ECDSASigner(key, Curve.forJWSAlgorithm(algorithm).iterator().next())
          : new RSASSASigner(key);
    } catch (JOSEException | IllegalArgumentException e) {
      throw SigningKeys.refused("does not sign with " + algorithm + ": is it of that kind?");
    }
  }

  private static Base64URL digest(String how, X509Certificate certificate) {
    try {
      return Base64URL.encode(MessageDigest.getInstance(how).digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw SigningKeys.refused("has a certificate that cannot be read");
    }
  }
}

package dev.serai.connection.signature;

import com.github.scribejava.core.services.SignatureService;
import com.github.scribejava.core.utils.OAuthEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** RFC 5849 §3.4.2 with SHA-256, as several vendors ask for since SHA-1 is retired. */
final class HmacSha256 implements SignatureService {
  @Override
  public String getSignature(String baseString, String apiSecret, String tokenSecret) {
    String key = OAuthEncoder.encode(apiSecret) + "&" + OAuthEncoder.encode(tokenSecret);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return Base64.getEncoder()
          .encodeToString(mac.doFinal(baseString.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  @Override
  public String getSignatureMethod() {
    return "HMAC-SHA256";
  }
}

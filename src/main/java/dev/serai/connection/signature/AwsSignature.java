package dev.serai.connection.signature;

import dev.serai.http.Headers;
import dev.serai.http.HttpCall;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * AWS Signature Version 4 over a request as it will leave. Holds secrets: lives as long as a
 * request is made.
 *
 * @param sessionToken null for keys that are not temporary
 */
public record AwsSignature(
    String accessKeyId,
    String secretAccessKey,
    @Nullable String sessionToken,
    String region,
    String service) {
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

  /** The call with the headers that prove it; its address and body stay as they are. */
  public HttpCall sign(HttpCall call, Instant now) {
    byte[] body = call.body();
    boolean s3 = service.equals("s3");
    SignedRequest signed =
        SIGNER.sign(request -> {
          request
              .identity(identity())
              .request(request(call))
              .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
              .putProperty(AwsV4HttpSigner.REGION_NAME, region)
              .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, !s3)
              .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, !s3)
              .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC));
          if (body != null) {
            request.payload(ContentStreamProvider.fromByteArray(body));
          }
        });
    HttpCall proven = call;
    for (Map.Entry<String, List<String>> header : signed.request().headers().entrySet()) {
      if (!header.getKey().equalsIgnoreCase("host")) {
        proven = proven.withHeader(header.getKey(), header.getValue().getFirst());
      }
    }
    return proven;
  }

  private static SdkHttpRequest request(HttpCall call) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(call.method())).uri(call.uri());
    for (Headers.Line line : call.headers().lines()) {
      request.appendHeader(line.name(), line.value());
    }
    return request.build();
  }

  private AwsCredentialsIdentity identity() {
    return sessionToken == null
        ? AwsCredentialsIdentity.create(accessKeyId, secretAccessKey)
        : AwsSessionCredentialsIdentity.create(accessKeyId, secretAccessKey, sessionToken);
  }

  @Override
  public String toString() {
    return "AwsSignature[" + service + "]";
  }
}

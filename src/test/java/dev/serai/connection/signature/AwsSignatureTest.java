package dev.serai.connection.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Headers;
import dev.serai.http.HttpCall;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The examples of the S3 API reference, "Signature calculations for the Authorization header". */
class AwsSignatureTest {
  private static final Instant IAM = Instant.parse("2015-08-30T12:36:00Z");
  private static final AwsSignature EXAMPLE =
      new AwsSignature(
          "AKIAIOSFODNN7EXAMPLE",
          "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          null,
          "us-east-1",
          "s3");
  private static final Instant S3 = Instant.parse("2013-05-24T00:00:00Z");

  @Test
  void reading_an_object_is_signed_as_documented() {
    HttpCall signed = s3("GET", "/test.txt", "Range", "bytes=0-9", null);

    assertThat(signed.headers().first("Authorization").orElseThrow())
        .contains(
            "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date",
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    assertThat(signed.headers().first("X-Amz-Date")).contains("20130524T000000Z");
  }

  @Test
  void writing_an_object_signs_its_body_as_documented() {
    HttpCall call =
        new HttpCall(
            "PUT",
            URI.create("https://examplebucket.s3.amazonaws.com/test%24file.text"),
            Headers.NONE
                .with("Date", "Fri, 24 May 2013 00:00:00 GMT")
                .with("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            "Welcome to Amazon S3.".getBytes(UTF_8),
            HttpCall.Limits.DEFAULT);

    assertThat(EXAMPLE.sign(call, S3).headers().first("Authorization").orElseThrow())
        .contains("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  }

  @Test
  void a_parameter_without_a_value_is_signed_as_documented() {
    assertThat(s3("GET", "/?lifecycle", "", "", null).headers().first("Authorization").get())
        .contains("Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  }

  @Test
  void a_query_is_signed_as_documented_and_sent_as_it_was() {
    HttpCall signed = s3("GET", "/?max-keys=2&prefix=J", "", "", null);

    assertThat(signed.headers().first("Authorization").orElseThrow())
        .contains("Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    assertThat(signed.uri())
        .hasToString("https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J");
  }

  @Test
  void temporary_keys_bring_their_session_token_and_sign_it() {
    HttpCall signed =
        new AwsSignature("AKIDEXAMPLE", "secret-key-of-the-example", "session", "eu-west-1", "x")
            .sign(call("https://example.amazonaws.com/"), IAM);

    assertThat(signed.headers().first("X-Amz-Security-Token")).contains("session");
    assertThat(signed.headers().first("Authorization").orElseThrow())
        .contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
  }

  private static HttpCall s3(String method, String path, String header, String value, byte[] body) {
    HttpCall call =
        new HttpCall(
            method,
            URI.create("https://examplebucket.s3.amazonaws.com" + path),
            header.isEmpty() ? Headers.NONE : Headers.NONE.with(header, value),
            body,
            HttpCall.Limits.DEFAULT);
    return EXAMPLE.sign(call, S3);
  }

  private static HttpCall call(String url) {
    return new HttpCall("GET", URI.create(url), Headers.NONE, null, HttpCall.Limits.DEFAULT);
  }
}

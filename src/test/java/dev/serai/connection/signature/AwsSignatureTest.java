package dev.serai.connection.signature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Headers;
import dev.serai.http.HttpCall;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Example values that AWS documents. */
class AwsSignatureTest {
  private static final Instant IAM = Instant.parse("2015-08-30T12:36:00Z");
  private static final Instant S3 = Instant.parse("2013-05-24T00:00:00Z");

  /** "Signature Version 4 test suite", get-vanilla. */
  @Test
  void the_vanilla_get_of_the_test_suite_is_signed_as_documented() {
    HttpCall signed = suite("https://example.amazonaws.com/");

    assertThat(signed.headers().first("Authorization"))
        .hasValueSatisfying(header ->
            assertThat(header)
                .contains(
                    "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request",
                    "SignedHeaders=host;x-amz-date",
                    "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));
    assertThat(signed.headers().first("X-Amz-Date")).contains("20150830T123600Z");
  }

  /** The same suite, get-vanilla-query-order-key-case. */
  @Test
  void a_query_is_signed_in_its_canonical_order() {
    HttpCall signed = suite("https://example.amazonaws.com/?Param2=value2&Param1=value1");

    assertThat(signed.headers().first("Authorization").orElseThrow())
        .contains("Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    assertThat(signed.uri())
        .hasToString("https://example.amazonaws.com/?Param2=value2&Param1=value1");
  }

  /** "Signature calculations: GET Object" of the S3 API reference. */
  @Test
  void the_s3_example_is_signed_as_documented() {
    HttpCall signed =
        new AwsSignature(
                "AKIAIOSFODNN7EXAMPLE",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                null,
                "us-east-1",
                "s3")
            .sign(
                call("https://examplebucket.s3.amazonaws.com/test.txt")
                    .withHeader("Range", "bytes=0-9")
                    .withHeader(
                        "x-amz-content-sha256",
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
                S3);

    assertThat(signed.headers().first("Authorization").orElseThrow())
        .contains(
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date",
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void temporary_keys_bring_their_session_token_and_sign_it() {
    HttpCall signed =
        new AwsSignature("AKIDEXAMPLE", "secret-key-of-the-example", "session", "eu-west-1", "x")
            .sign(call("https://example.amazonaws.com/"), IAM);

    assertThat(signed.headers().first("X-Amz-Security-Token")).contains("session");
    assertThat(signed.headers().first("Authorization").orElseThrow())
        .contains("SignedHeaders=host;x-amz-date;x-amz-security-token");
  }

  private static HttpCall suite(String url) {
    return new AwsSignature(
            "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null, "us-east-1", "service")
        .sign(call(url), IAM);
  }

  private static HttpCall call(String url) {
    return new HttpCall("GET", URI.create(url), Headers.NONE, null, HttpCall.Limits.DEFAULT);
  }
}

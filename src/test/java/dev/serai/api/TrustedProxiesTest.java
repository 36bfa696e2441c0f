package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.http.Cidr;
import dev.serai.http.Headers;
import dev.serai.support.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @ParameterizedTest(name = "{0} says {1}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.9     | 198.51.100.7                 | 192.0.2.9",
        "10.1.1.1      | 198.51.100.7                 | 198.51.100.7",
        "10.1.1.1      | 203.0.113.5, 198.51.100.7    | 198.51.100.7",
        "10.1.1.1      | 198.51.100.7, 10.2.2.2       | 198.51.100.7",
        "10.1.1.1      | 10.3.3.3,10.2.2.2            | 10.3.3.3",
        "10.1.1.1      | 198.51.100.7:4711            | 198.51.100.7",
        "2001:db8::1   | [2001:db9::7]:4711, 10.2.2.2 | 2001:db9:0:0:0:0:0:7",
        "10.1.1.1      | 198.51.100.7, unknown        | 10.1.1.1",
        "10.1.1.1      | 198.51.100.7, a.example      | 10.1.1.1",
        "10.1.1.1      | ''                           | 10.1.1.1",
        "::ffff:a01:101| 198.51.100.7                 | 198.51.100.7",
        "unknown       | 198.51.100.7                 | unknown",
      })
  void only_what_trusted_proxies_wrote_is_believed(String peer, String forwarded, String caller) {
    TrustedProxies proxies = trusting("10.0.0.0/8", "2001:db8::1");

    assertThat(proxies.caller(peer, forwarded(forwarded))).isEqualTo(caller);
  }

  @Test
  void several_header_lines_are_one_list() {
    Headers headers =
        new Headers(
            List.of(
                new Headers.Line("x-forwarded-for", "203.0.113.5"),
                new Headers.Line("X-Forwarded-For", "198.51.100.7, 10.2.2.2")));

    assertThat(trusting("10.0.0.0/8").caller("10.1.1.1", headers)).isEqualTo("198.51.100.7");
  }

  @Test
  void strangers_behind_a_trusted_proxy_have_a_limit_each() throws Exception {
    Api api = new ApiRooms(postgres.database()).api(10);
    try (ApiServer server = new ApiServer(api, trusting("127.0.0.1"))) {
      assertThat(status(server, "198.51.100.7")).isEqualTo(401);
      assertThat(status(server, "198.51.100.7")).isEqualTo(429);
      assertThat(status(server, "198.51.100.8")).isEqualTo(401);
    }
  }

  @Test
  void a_stranger_cannot_escape_its_limit_by_claiming_addresses() throws Exception {
    Api api = new ApiRooms(postgres.database()).api(10);
    try (ApiServer server = new ApiServer(api)) {
      assertThat(status(server, "198.51.100.7")).isEqualTo(401);
      assertThat(status(server, "198.51.100.8")).isEqualTo(429);
    }
  }

  private static int status(ApiServer server, String forwarded) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/connections"))
            .header("X-Forwarded-For", forwarded)
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
  }

  private static TrustedProxies trusting(String... blocks) {
    return new TrustedProxies(Arrays.stream(blocks).map(Cidr::parse).toList());
  }

  private static Headers forwarded(String value) {
    return new Headers(List.of(new Headers.Line("X-Forwarded-For", value)));
  }
}

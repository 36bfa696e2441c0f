package dev.serai.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  /** Dials nothing and remembers every attempt to. */
  private static final class RecordingDialer extends PoolingHttpClientConnectionManagerBuilder {
    private final List<String> dialled = new ArrayList<>();

    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      DetachedSocketFactory sockets =
          proxy -> {
            dialled.add("socket");
            throw new java.net.ConnectException("the dialer dials nothing");
          };
      return new DefaultHttpClientConnectionOperator(
          sockets,
          ports,
          names,
          RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://127.0.0.1:8080/",
        "http://localhost/",
        "http://0.0.0.0/",
        "http://0/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://100.100.100.200/",
        "http://192.0.0.192/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://[fc00::1]/",
        "http://[ff02::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b:1::a00:1]/",
        "http://[2002:7f00:1::1]/",
        "http://[2001:0:7f00:1::]/",
        "http://[2001:db8::1]/"
      })
  void an_address_that_is_not_public_is_never_dialled(String url) {
    RecordingDialer dialer = new RecordingDialer();
    try (OutgoingHttp http =
        new OutgoingHttp(
            OutgoingSettings.allowing(),
            org.apache.hc.client5.http.SystemDefaultDnsResolver.INSTANCE,
            dialer)) {

      assertThatThrownBy(() -> http.send(get(url), Authorizer.NONE))
          .isInstanceOfSatisfying(
              HttpFailure.class,
              e -> assertThat(e.code()).isIn("address_refused", "invalid_request"));
      assertThat(dialer.dialled).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://93.184.215.14/", "http://[2606:4700::1111]/", "http://8.8.8.8/"})
  void a_public_address_is_dialled(String url) {
    RecordingDialer dialer = new RecordingDialer();
    try (OutgoingHttp http =
        new OutgoingHttp(
            OutgoingSettings.allowing(),
            org.apache.hc.client5.http.SystemDefaultDnsResolver.INSTANCE,
            dialer)) {

      assertThatThrownBy(() -> http.send(get(url), Authorizer.NONE))
          .isInstanceOfSatisfying(
              HttpFailure.class, e -> assertThat(e.code()).isEqualTo("connect_failed"));
      assertThat(dialer.dialled).hasSize(1);
    }
  }

  @Test
  void a_name_that_changes_its_answer_is_asked_once_and_only_for_checked_addresses() {
    List<String> asked = new ArrayList<>();
    DnsResolver rebinding =
        new DnsResolver() {
          @Override
          public InetAddress[] resolve(String host) throws java.net.UnknownHostException {
            asked.add(host);
            return new InetAddress[] {
              InetAddress.getByName(asked.size() == 1 ? "93.184.215.14" : "127.0.0.1")
            };
          }

          @Override
          public String resolveCanonicalHostname(String host) {
            return host;
          }
        };
    RecordingDialer dialer = new RecordingDialer();
    try (OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing(), rebinding, dialer)) {

      assertThatThrownBy(() -> http.send(get("http://rebind.test/"), Authorizer.NONE))
          .hasMessageContaining("refuses connections");
      assertThat(asked).containsExactly("rebind.test");
      assertThat(dialer.dialled).hasSize(1);

      assertThatThrownBy(() -> http.send(get("http://rebind.test/"), Authorizer.NONE))
          .hasMessageContaining("is not a public address");
      assertThat(dialer.dialled).hasSize(1);
    }
  }

  @Test
  void of_a_mixed_answer_only_the_public_address_is_handed_out() throws Exception {
    DnsResolver mixed =
        new DnsResolver() {
          @Override
          public InetAddress[] resolve(String host) throws java.net.UnknownHostException {
            return new InetAddress[] {
              InetAddress.getByName("10.0.0.1"), InetAddress.getByName("93.184.215.14")
            };
          }

          @Override
          public String resolveCanonicalHostname(String host) {
            return host;
          }
        };
    GuardedResolver resolver =
        new GuardedResolver(new AddressGuard(List.of(), List.of()), mixed, "");

    assertThat(resolver.resolve("mixed.test", 443))
        .extracting(a -> a.getAddress().getHostAddress())
        .containsExactly("93.184.215.14");
  }

  @Test
  void the_allow_list_opens_an_exact_port_or_a_block() throws Exception {
    AddressGuard guard =
        new AddressGuard(List.of("127.0.0.1:13000", "10.1.0.0/16", "redmine.lan:80"), List.of());
    InetAddress loopback = InetAddress.getByName("127.0.0.1");

    assertThat(guard.permits("127.0.0.1", 13000, loopback)).isTrue();
    assertThat(guard.permits("localhost", 13000, loopback)).isTrue();
    assertThat(guard.permits("127.0.0.1", 13001, loopback)).isFalse();
    assertThat(guard.permits("x", 80, InetAddress.getByName("10.1.200.3"))).isTrue();
    assertThat(guard.permits("x", 80, InetAddress.getByName("10.2.0.1"))).isFalse();
    assertThat(guard.permits("REDMINE.lan", 80, InetAddress.getByName("192.168.7.7"))).isTrue();
    assertThat(guard.permits("other.lan", 80, InetAddress.getByName("192.168.7.7"))).isFalse();
  }

  @Test
  void our_own_ports_stay_closed_whatever_is_allowed() throws Exception {
    AddressGuard guard =
        new AddressGuard(
            List.of("127.0.0.0/8", "::1/128", "127.0.0.1:5432"),
            List.of("localhost:5432", "127.0.0.1:9090"));

    for (String own : List.of("127.0.0.1", "127.0.0.2", "::1", "0.0.0.0")) {
      InetAddress address = InetAddress.getByName(own);
      assertThat(guard.permits(own, 5432, address)).as(own).isFalse();
      assertThat(guard.permits(own, 9090, address)).as(own).isFalse();
    }
    assertThat(guard.permits("127.0.0.1", 5433, InetAddress.getByName("127.0.0.1"))).isTrue();
  }

  @Test
  void a_wrong_entry_is_named() {
    assertThatThrownBy(() -> new AddressGuard(List.of("10.0.0.0/40"), List.of()))
        .hasMessageContaining("10.0.0.0/40");
    assertThatThrownBy(() -> new AddressGuard(List.of("localhost"), List.of()))
        .hasMessageContaining("'localhost' is neither host:port nor CIDR");
  }

  private static HttpCall get(String url) {
    return new HttpCall("GET", URI.create(url), Headers.NONE, null, HttpCall.Limits.DEFAULT);
  }
}

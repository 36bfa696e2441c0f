package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.provider.Template;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {
  private static String filled(String template, String value) {
    return Address.of(Template.parse(template, Set.of("a")), name -> value).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "${a}/v1, https://x.example/sub/, https://x.example/sub/v1",
    "https://${a}.acme.example/v1, north, https://north.acme.example/v1",
    "https://${a}/v1, x.example:8443, https://x.example:8443/v1",
    "https://acme.example/${a}/v1, a/../b?c, https://acme.example/a%2F..%2Fb%3Fc/v1",
    "https://acme.example/v1?of=${a}, x&admin=1, https://acme.example/v1?of=x%26admin%3D1",
  })
  void a_value_stays_in_its_place(String template, String value, String address) {
    assertThat(filled(template, value)).isEqualTo(address);
  }

  @ParameterizedTest
  @CsvSource({
    "${a}/v1, https://x.example?, without a query",
    "${a}/v1, https://user:pw@x.example, user name",
    "${a}/v1, file:///etc/passwd, must start with http",
    "https://${a}.acme.example/v1, evil.example/x, no part of a host name",
    "https://${a}.acme.example/v1, evil.example:80, no part of a host name",
    "https://${a}.acme.example/v1, evil.example#, no part of a host name",
    "https://${a}.acme.example/v1, me@evil.example, no part of a host name",
    "https://${a}/v1, 'x.example:99999999', no part of a host name",
    "https://acme.example/${a}/v1, .., would change the path",
  })
  void a_value_that_leads_elsewhere_is_refused_and_not_repeated(
      String template, String value, String why) {
    assertThatThrownBy(() -> filled(template, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .message()
        .doesNotContain("evil", "passwd", "pw@");
  }

  @ParameterizedTest
  @CsvSource({
    "harbour/cranes, https://acme.example/harbour/cranes/v1",
    "a?b#c/d, https://acme.example/a%3Fb%23c/d/v1",
  })
  void a_base_may_be_filled_with_several_steps_of_its_path(String value, String address) {
    Template base = Template.parse("https://acme.example/${a}/v1", Set.of("a"));

    assertThat(Address.base(base, name -> value).toString()).isEqualTo(address);
    assertThatThrownBy(() -> Address.base(base, name -> "harbour/../.."))
        .hasMessageContaining("would change the path");
  }
}

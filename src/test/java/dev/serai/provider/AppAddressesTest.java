package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppAddressesTest {
  private static final Set<String> KNOWN = Set.of("a", "b");

  /** What is given is free to name the host, or is kept in its place by what follows. */
  @ParameterizedTest
  @CsvSource({
    "${a}/token, a",
    "${a}, a",
    "${a}.acme.example/token, a",
    "https://${a}/token, a",
    "https://${a}:8443/token, a",
    "https://api.${a}/token, a",
    "https://${a}.com/token, a",
    "https://${a}acme.example/token, a",
    "https://${a}.${b}/token, a b",
    "https://${a}.acme.${b}/token, a b",
    "https://${a}.acme.example/token,",
    "https://${a}.acme.example:8443/${b},",
    "https://login-${a}.acme.example?x=${b},",
    "https://acme.example/${a}/token,",
    "https://acme.example?at=${a},",
  })
  void a_place_decides_the_host_unless_a_domain_of_the_providers_own_follows(
      String template, String places) {
    Set<String> expected = places == null ? Set.of() : Set.of(places.split(" "));

    assertThat(Template.parse(template, KNOWN).hosts()).isEqualTo(expected);
  }
}

package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthWordsTest {
  private static final String HEAD =
      """
      name: acme
      display_name: Acme
      base_url: https://acme.example
      connection_config:
        site: {title: Site, description: x, pattern: '.*', example: x, required: false}
        team: {title: Team, description: x, pattern: '.*', example: x, required: false}
        region: {title: Region, description: x, pattern: '.*', example: x, required: false}
        pin: {title: PIN, description: x, pattern: '.*', example: x, required: false, secret: true}
      """;

  @TempDir Path root;

  @Test
  void every_mode_has_an_example_in_the_docs_that_loads() throws Exception {
    String text = Files.readString(Path.of("docs/provider-yaml.md"));
    Matcher block = Pattern.compile("```yaml\n(auth:.*?)```", Pattern.DOTALL).matcher(text);
    Set<String> modes = new LinkedHashSet<>();
    while (block.find()) {
      Catalogue catalogue = load(HEAD + block.group(1));
      assertThat(catalogue.problems()).as(block.group(1)).isEmpty();
      catalogue.find("acme").orElseThrow().ways().forEach(way -> modes.add(way.credentials()));
    }

    assertThat(modes)
        .containsExactlyInAnyOrder(
            "NONE",
            "API_KEY",
            "BASIC",
            "OAUTH2",
            "OAUTH2_CC",
            "OAUTH1",
            "TBA",
            "JWT",
            "TWO_STEP",
            "APP",
            "SIGNATURE",
            "AWS_SIGV4");
  }

  /** The auth block begins on line 9. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth: {type: oauth3} | 9 | auth.type | use one of the words named",
        "auth: {type: oauth2_code, token_url: 'https://a.example'} | 9 | authorize_url | add it",
        "auth: {type: api_key, name: X, pkce: S256} | 9 | pkce | choose the kind",
        "auth: {type: oauth2_code, authorize_url: 'https://a.example', token_url: 'https://${connection_config.pin}.example'} | 9 | secret field may not stand in an address | remove its",
        "auth: {type: oauth2_code, authorize_url: 'https://a.example', token_url: 'https://${connection_config.nope}.example'} | 9 | is unknown here | declare the field",
        "auth: {type: oauth2_code, authorize_url: 'https://a.example', token_url: 'https://a.example', callback: {nope: x}} | 9 | no field of connection_config | declare it there",
        "auth: {type: two_step, fields: {expires_at: {title: A, description: x}}, steps: [{url: 'https://a.example'}]} | 9 | credentials have their own expires_at | something else",
        "auth: {type: oauth2_code, authorize_url: 'https://a.example', token_url: 'https://a.example', client_auth: private_key_jwt} | 9 | no key of this kind | body or basic",
        "auth: {type: oauth2_client, token_url: 'https://a.example', assertion: {}} | 9 | nothing is asserted | private_key_jwt",
        "auth: {type: jwt, algorithm: HS256, key: 'x', key_encoding: pem, fields: {a: {title: A, description: x}}} | 9 | does not sign with a key written as pem | text, hex or base64",
        "auth: {type: jwt, algorithm: RS256, key: '${credentials.b}', fields: {a: {title: A, description: x}}} | 9 | ${credentials.b} is unknown | correct its name",
        "auth: {type: tba, fields: {apiKey: {title: A, description: x}}} | 9 | has no apiKey | token_id",
        "auth: {type: two_step, fields: {a: {title: A, description: x}}, steps: [{url: 'https://a.example', body: {x: '${step.later}'}, take: {later: .x}}]} | 9 | ${step.later} is unknown | correct its name",
        "auth: {type: oauth2_code, authorize_url: 'https://a.example', token_url: 'https://a.example', account: '.a !!'} | 9 | no JSLT expression | write a JSLT",
      })
  void a_wrong_word_is_told_with_its_line_and_a_remedy(
      String auth, int line, String message, String remedy) throws Exception {
    List<ProviderProblem> problems = load(HEAD + auth + "\n").problems();

    assertThat(problems).isNotEmpty();
    assertThat(problems.getFirst().line()).isEqualTo(line);
    assertThat(problems.getFirst().text()).contains(message, remedy);
  }

  @Test
  void two_pages_of_consent_are_refused_since_a_popup_leads_to_one() throws Exception {
    String two =
        """
        auth: {type: oauth2_code, authorize_url: 'https://a.example', token_url: 'https://a.example'}
        alternative_auth:
          - {type: api_key, name: X}
          - {type: oauth1, request_url: 'https://a.example', authorize_url: 'https://a.example', token_url: 'https://a.example'}
        """;
    List<ProviderProblem> problems = load(HEAD + two).problems();

    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().line()).isEqualTo(12);
    assertThat(problems.getFirst().text()).contains("one page of consent", "a provider of its own");
  }

  /** A form leaves out what the provider tells: nobody could give it. */
  @Test
  void what_the_provider_tells_is_not_required_of_the_customer() throws Exception {
    List<ProviderProblem> problems =
        load(HEAD.replace("example: x, required: false}\n  team", "example: x}\n  team")
                + "auth: {type: oauth2_code, authorize_url: 'https://a.example', token_url:"
                + " 'https://a.example', callback: {site: x}}\n")
            .problems();

    assertThat(problems.getFirst().text())
        .contains("'site' is required of the customer", "with required: false");
  }

  @Test
  void two_ways_with_the_same_credentials_are_refused() throws Exception {
    List<ProviderProblem> problems =
        load(HEAD
                + """
                auth: {type: api_key, name: X-Key}
                alternative_auth:
                  - {type: basic, credentials: api_key, username: "${credentials.apiKey}", password: x}
                """)
            .problems();

    assertThat(problems.getFirst().text()).contains("taken by another way already", "remove one");
    assertThat(problems.getFirst().line()).isEqualTo(11);
  }

  @Test
  void a_secret_field_may_not_stand_in_the_base_url() throws Exception {
    List<ProviderProblem> problems =
        load(HEAD.replace("https://acme.example", "https://acme.example/${connection_config.pin}")
                + "auth: {type: none}\n")
            .problems();

    assertThat(problems.getFirst().text())
        .contains("base_url", "secret field", "use it in headers");
    assertThat(problems.getFirst().line()).isEqualTo(3);
  }

  private Catalogue load(String yaml) throws Exception {
    Path folder = Files.createDirectories(root.resolve("acme"));
    Files.writeString(folder.resolve("provider.yaml"), yaml);
    return Catalogue.load(List.of(root));
  }
}

package dev.serai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Json;
import dev.serai.connection.ConnectionConfigCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderFileTest {
  private static final String GOOD =
      """
      name: acme
      display_name: Acme
      categories: [ticketing]
      docs: https://acme.example/api
      auth: {type: basic, username: "${credentials.username}/token"}
      base_url: https://${connection_config.subdomain}.acme.example/v2
      connection_config:
        subdomain:
          title: Subdomain
          description: The first part of your address
          pattern: '[a-z0-9-]+'
          example: my-shop
      headers: {Accept: application/json}
      retry: {max_attempts: 3, backoff: {base: 10ms}}
      verify: {path: /me, expect: .id != null}
      streams:
        issues:
          request: {path: /issues, query: {state: all}}
          records: {path: .issues, filter: .visible}
          primary_key: [project, id]
          pagination:
            type: offset
            size: 100
            into: {query: offset}
            size_into: {query: limit}
            stop: {total_path: .total_count}
          incremental:
            cursor_field: .updated_on
            start_into: {query: since, template: ">=${value}"}
            order: asc
          full_every: {runs: 24, duration: 1d}
          deletes: full_diff
      """;

  @TempDir Path root;

  @Test
  void a_good_file_becomes_a_provider() throws Exception {
    write("acme", GOOD);

    Catalogue catalogue = Catalogue.load(List.of(root));

    assertThat(catalogue.problems()).isEmpty();
    Provider acme = catalogue.find("acme").orElseThrow();
    assertThat(acme.auth()).isInstanceOf(Auth.Basic.class);
    assertThat(acme.retry().maxAttempts()).isEqualTo(3);
    StreamSpec issues = acme.streams().get("issues");
    assertThat(issues.pagination())
        .isInstanceOfSatisfying(
            Pagination.Offset.class, offset -> assertThat(offset.reanchor()).isTrue());
    assertThat(issues.id(Json.parse("{\"project\":\"p\",\"id\":7}"))).isEqualTo("p:7");
    assertThat(issues.maxDeleteRatio()).isEqualTo(0.5);
  }

  @Test
  void an_unknown_key_is_named_with_its_line_and_the_keys_that_exist() throws Exception {
    write("acme", GOOD.replace("display_name: Acme", "display_name: Acme\ndisplayname: Acme"));

    assertThat(onlyProblem().text())
        .contains("acme/provider.yaml:3: displayname: this key is unknown here")
        .contains("known here: alternative_auth, auth, base_url, categories");
  }

  @Test
  void a_key_of_another_pagination_kind_is_refused() throws Exception {
    write("acme", GOOD.replace("      size: 100", "      size: 100\n      rel: next"));

    assertThat(onlyProblem().text())
        .contains(":24: streams.issues.pagination.rel: this key is unknown here");
  }

  @Test
  void each_mistake_says_where_what_and_how_to_mend_it() throws Exception {
    refused("name: acme", "name: other", 1, "is not the folder's name", "rename the folder");
    refused("type: basic", "type: bosic", 5, "auth.type", "use one of");
    refused(
        "connection_config.subdomain}", "connection_config.sub}", 6, "is unknown here", "declare");
    refused("'[a-z0-9-]+'", "'[a-z'", 11, "Unclosed character class", "regular expression");
    refused("example: my-shop", "example: My Shop", 12, "does not match the pattern", "correct");
    refused("base: 10ms", "base: soon", 14, "retry.backoff.base", "form");
    refused(".id != null", ".id !!", 15, "is no JSLT expression", "write a JSLT");
    refused(
        "total_path: .total_count",
        "total_path: .total_count, max_pages: 3",
        21,
        "max_pages",
        "remove");
    refused("order: asc", "order: desc\n      precision: 1x", 31, "precision", "form");
    refused(
        "cursor_field: .updated_on",
        "format: [yyyy-QQQQQQQ]\n      cursor_field: .u",
        28,
        "format",
        "iso");
    refused(
        "display_name: Acme", "display_name: A\ndisplay_name: B", 3, "stands here twice", "remove");
    refused("display_name: Acme", "display_name: [", 4, "not YAML", "check");
    refused(
        "deletes: full_diff",
        "deletes: {verify: {path: '/i/{id}'}}",
        32,
        "verify asks by one id",
        "full_diff");
  }

  @Test
  void a_broken_provider_is_refused_alone() throws Exception {
    write("acme", GOOD);
    write("broken", "name: [broken");
    Files.createDirectories(root.resolve("no-provider"));

    Catalogue catalogue = Catalogue.load(List.of(root, root.resolve("missing")));

    assertThat(catalogue.all()).extracting(Provider::name).containsExactly("acme");
    assertThat(catalogue.problems()).hasSize(2);
    assertThat(new ProviderCheck(List.of()).check(root.resolve("broken"))).hasSize(1);
  }

  @Test
  void configuration_is_held_against_the_declared_patterns() throws Exception {
    write("acme", GOOD);
    Provider acme = Catalogue.load(List.of(root)).find("acme").orElseThrow();

    assertThat(check(acme, "{\"subdomain\":\"shop\"}")).isEmpty();
    assertThat(check(acme, "{}")).containsExactly("subdomain: Subdomain is required, e.g. my-shop");
    assertThat(check(acme, "{\"subdomain\":\"evil.example/#\"}").getFirst())
        .contains("must look like my-shop");
    assertThat(check(acme, "{\"subdomain\":{\"a\":1}}")).hasSize(1);
  }

  private static List<String> check(Provider provider, String config) {
    return ConnectionConfigCheck.check(
            provider, (com.fasterxml.jackson.databind.node.ObjectNode) Json.parse(config))
        .problems()
        .stream()
        .map(p -> p.field() + ": " + p.message())
        .toList();
  }

  private void refused(String from, String to, int line, String message, String remedy)
      throws Exception {
    assertThat(GOOD).contains(from);
    write("acme", GOOD.replace(from, to));
    List<ProviderProblem> problems = Catalogue.load(List.of(root)).problems();
    assertThat(problems).as(to).isNotEmpty();
    assertThat(problems.getFirst().text()).contains(message, remedy);
    assertThat(problems.getFirst().line()).as(problems.getFirst().text()).isEqualTo(line);
  }

  private ProviderProblem onlyProblem() {
    List<ProviderProblem> problems = Catalogue.load(List.of(root)).problems();
    assertThat(problems).hasSize(1);
    return problems.getFirst();
  }

  private void write(String name, String yaml) throws Exception {
    Path folder = Files.createDirectories(root.resolve(name));
    Files.writeString(folder.resolve("provider.yaml"), yaml);
  }
}

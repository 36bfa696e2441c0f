package dev.serai.mapping.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.connection.Connection;
import dev.serai.connection.Credentials;
import dev.serai.connection.Grant;
import dev.serai.connection.HttpProviderClient;
import dev.serai.connection.ProviderRefusal;
import dev.serai.connection.camel.ConnectionExchange;
import dev.serai.connection.camel.ProviderComponent;
import dev.serai.http.OutgoingHttp;
import dev.serai.http.OutgoingSettings;
import dev.serai.mapping.Mappings;
import dev.serai.provider.Catalogue;
import dev.serai.provider.ProviderProblem;
import dev.serai.support.FakeProvider;
import dev.serai.support.FakeProvider.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps {@code mapping:} and {@code provider:} in real YAML routes. */
class MappingRouteTest {
  @TempDir Path folder;
  private final FakeProvider provider = new FakeProvider();
  private final OutgoingHttp http = new OutgoingHttp(OutgoingSettings.allowing("127.0.0.1/32"));
  private final DefaultCamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() throws Exception {
    Path mappings = Files.createDirectories(folder.resolve("acme/mappings"));
    Files.writeString(
        folder.resolve("acme/provider.yaml"),
        "name: acme\ndisplay_name: Acme\nauth: {type: none}\nbase_url: " + provider.url() + "\n");
    Files.writeString(
        mappings.resolve("ticket.jslt"),
        """
        if (.hidden) null else
        {"id": string(.id), "title": .subject, "labels": if (.labels) .labels else [],
         "url": $connection.config.url + "/" + .id, "owner": null}
        """);
    Files.writeString(mappings.resolve("combine.jslt"), "{\"of\": .user.name, \"by\": $input.who}");
    Files.writeString(mappings.resolve("broken.jslt"), "{\"id\": .id,\n \"x\": }");
    Catalogue catalogue = Catalogue.load(List.of(folder));
    assertThat(catalogue.problems()).isEmpty();
    context.addComponent("mapping", new MappingComponent(new Mappings(() -> catalogue)));
    context.addComponent(
        "provider",
        new ProviderComponent(
            new HttpProviderClient(
                http, () -> catalogue, connection -> Grant.of(new Credentials.None()), 1 << 20)));
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
    http.close();
    provider.close();
  }

  @Test
  void a_page_is_mapped_record_by_record_and_null_and_empty_are_left_out() throws Exception {
    route("- to: {uri: 'mapping:acme/ticket'}");

    Exchange done =
        send(
            "[{\"id\":1,\"subject\":\"a\"},{\"id\":2,\"hidden\":true},{\"id\":3,\"labels\":[\"x\"]}]");

    assertThat(Json.write(done.getMessage().getBody(JsonNode.class)))
        .isEqualTo(
            "[{\"id\":\"1\",\"title\":\"a\",\"url\":\"http://site/1\"},"
                + "{\"id\":\"3\",\"labels\":[\"x\"],\"url\":\"http://site/3\"}]");
  }

  @Test
  void a_look_up_and_the_input_meet_in_one_mapping() throws Exception {
    provider.answering(r -> Answer.json("{\"name\":\"Ann " + r.path() + "\"}"));
    route(
        """
        - to: {uri: 'provider:acme', parameters: {path: '/users/{who}', into: user}}
        - to: {uri: 'mapping:acme/combine'}
        """);

    Exchange done = send("{}");

    assertThat(Json.write(done.getMessage().getBody(JsonNode.class)))
        .isEqualTo("{\"of\":\"Ann /users/bob%2F..%7B%7D\",\"by\":\"bob/..{}\"}");
  }

  @Test
  void a_write_sends_the_body_and_no_header_travels_in_either_direction() throws Exception {
    provider.answering(r -> Answer.json(201, "{\"id\":5}").with("X-Theirs", "1"));
    route("- to: {uri: 'provider:acme', parameters: {method: POST, path: '/x?notify=1'}}");

    Exchange done = send("{\"a\":1}");

    assertThat(provider.requests().getFirst().body()).isEqualTo("{\"a\":1}");
    assertThat(provider.requests().getFirst().query()).containsEntry("notify", "1");
    assertThat(provider.requests().getFirst().headers()).doesNotContainKey("x-ours");
    assertThat(done.getMessage().getHeaders()).doesNotContainKey("X-Theirs");
    assertThat(done.getMessage().getBody(JsonNode.class).get("id").intValue()).isEqualTo(5);
  }

  @Test
  void a_refusal_keeps_status_type_and_body_for_the_caller() throws Exception {
    provider.answering(r -> Answer.json(422, "{\"errors\":[\"Subject cannot be blank\"]}"));
    route("- to: {uri: 'provider:acme', parameters: {method: PUT, path: /x}}");

    Exchange done = send("{}");

    assertThat(done.getException())
        .isInstanceOfSatisfying(
            ProviderRefusal.class,
            refusal -> {
              assertThat(refusal.status()).isEqualTo(422);
              assertThat(refusal.contentType()).isEqualTo("application/json");
              assertThat(new String(refusal.body(), StandardCharsets.UTF_8)).contains("be blank");
              assertThat(refusal).hasMessageNotContaining("be blank");
            });
  }

  @Test
  void a_missing_path_field_sends_nothing() throws Exception {
    route("- to: {uri: 'provider:acme', parameters: {path: '/users/{nobody}'}}");

    assertThat(send("{}").getException()).hasMessageContaining("needs [nobody]");
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void a_broken_or_missing_mapping_refuses_its_route_with_file_and_line() {
    assertThatThrownBy(() -> route("- to: {uri: 'mapping:acme/broken'}"))
        .hasStackTraceContaining("broken.jslt:2");
    assertThatThrownBy(() -> route("- to: {uri: 'mapping:acme/nothing'}"))
        .hasStackTraceContaining("nothing.jslt is missing");
    assertThat(Mappings.check(folder.resolve("acme")))
        .extracting(ProviderProblem::line)
        .containsExactly(2);
  }

  @Test
  void a_misspelt_option_refuses_its_route() {
    assertThatThrownBy(
            () -> route("- to: {uri: 'provider:acme', parameters: {path: /x, methd: GET}}"))
        .hasStackTraceContaining("methd");
  }

  private void route(String steps) throws Exception {
    String yaml =
        """
        - route:
            id: acme-test
            from:
              uri: direct:in
              steps:
        """
            + steps.indent(8);
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("acme.camel.yaml", yaml));
  }

  private Exchange send(String body) {
    Connection connection =
        new Connection(
            1,
            1,
            "dev",
            1,
            "acme",
            "acme",
            "c1",
            "t",
            Json.object().put("url", "http://site"),
            null,
            null);
    return context
        .createProducerTemplate()
        .send(
            "direct:in",
            exchange -> {
              exchange.setProperty(ConnectionExchange.CONNECTION, connection);
              exchange.setProperty(ConnectionExchange.INPUT, Json.parse("{\"who\":\"bob/..{}\"}"));
              exchange.getMessage().setHeader("X-Ours", "1");
              exchange.getMessage().setBody(Json.parse(body));
            });
  }
}

package dev.serai.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.FakeProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhooksTest {
  private final FakeProvider receiver =
      new FakeProvider().answering(request -> FakeProvider.Answer.status(200));
  private Simulator simulator;
  private SimulatorControl control;

  @BeforeEach
  void start() throws Exception {
    simulator = Simulator.start(Simulator.Options.TESTS.withTickets(5));
    control = simulator.control();
    control.webhook(URI.create(receiver.url() + "/hooks"), "hush");
  }

  @AfterEach
  void stop() {
    simulator.close();
    receiver.close();
  }

  private List<FakeProvider.Request> received(int count) {
    await().atMost(Duration.ofSeconds(10)).until(() -> receiver.requests().size() >= count);
    return receiver.requests();
  }

  @Test
  void every_change_of_a_ticket_is_told_in_order_and_signed() throws Exception {
    control.oauth().grant("bob");
    control.edit(List.of("3"), Json.object().put("subject", "Grüße"));
    control.insert(1);
    control.delete(List.of("2"));

    List<FakeProvider.Request> told = received(3);

    assertThat(told)
        .extracting(request -> request.headers().get("x-sample-event"))
        .containsExactly("ticket.updated", "ticket.created", "ticket.deleted");
    JsonNode first = Json.parse(told.getFirst().body());
    assertThat(first.path("event").asText()).isEqualTo("ticket.updated");
    assertThat(first.path("delivered_at").asText()).startsWith("20");
    assertThat(first.at("/account/id").asText()).isEqualTo("bob");
    assertThat(first.at("/ticket/subject").asText()).isEqualTo("Grüße");
    assertThat(first.at("/ticket/id").asInt()).isEqualTo(3);
    for (FakeProvider.Request request : told) {
      String signature = request.headers().get("x-sample-signature");
      String time = signature.substring(2, signature.indexOf(','));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec("hush".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] signed = (time + "." + request.body()).getBytes(StandardCharsets.UTF_8);
      String expected = HexFormat.of().formatHex(mac.doFinal(signed));
      assertThat(signature).isEqualTo("t=" + time + ",v1=" + expected);
    }
    assertThat(told)
        .extracting(request -> request.headers().get("x-sample-delivery"))
        .doesNotHaveDuplicates();
  }

  @Test
  void each_connected_account_is_told_and_nobody_else() throws Exception {
    control.edit(List.of("1"), Json.object().put("priority", 1));
    control.oauth().grant("alice");
    control.oauth().grant("carol");
    control.oauth().grant("carol");
    new HelpdeskCalls(simulator.uri()).get("/v1/me");
    control.edit(List.of("1"), Json.object().put("priority", 2));

    List<FakeProvider.Request> told = received(3);

    assertThat(told)
        .extracting(request -> Json.parse(request.body()).at("/account/id").asText())
        .containsExactlyInAnyOrder("alice", "carol", "1");
    assertThat(control.webhooks().path("waiting").asInt()).isZero();
  }

  @Test
  void a_delivery_that_is_refused_comes_again_under_its_id_and_is_given_up_after_three_more()
      throws Exception {
    receiver.answering(request -> FakeProvider.Answer.status(500));
    control.oauth().grant("alice");
    control.edit(List.of("1"), Json.object().put("priority", 2));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> control.webhooks().path("given_up").asInt() == 1);

    assertThat(receiver.requests())
        .hasSize(4)
        .extracting(request -> request.headers().get("x-sample-delivery"))
        .containsOnly(receiver.requests().getFirst().headers().get("x-sample-delivery"));
    assertThat(control.webhooks().path("attempts").asInt()).isEqualTo(4);
    assertThat(control.webhooks().path("delivered").asInt()).isZero();
  }

  @Test
  void without_a_target_nothing_is_kept() throws Exception {
    control.noWebhook();
    control.oauth().grant("alice");
    control.edit(List.of("1"), Json.object().put("priority", 1));
    control.webhook(URI.create(receiver.url() + "/hooks"), "hush");
    control.edit(List.of("1"), Json.object().put("priority", 4));

    assertThat(Json.parse(received(1).getFirst().body()).at("/ticket/priority").asInt())
        .isEqualTo(4);
  }
}

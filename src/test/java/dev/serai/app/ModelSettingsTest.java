package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.provider.Catalogue;
import dev.serai.record.ModelPolicies;
import dev.serai.record.ModelPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSettingsTest {
  @TempDir Path home;

  @Test
  void without_a_word_a_model_has_no_policy() {
    assertThat(policies(Map.of()).of("redmine", "Ticket")).isEqualTo(ModelPolicy.NONE);
  }

  @Test
  void a_setting_holds_for_every_provider_and_one_of_a_provider_wins() throws Exception {
    file(
        "serai.model.Ticket.history=30d",
        "serai.model.Ticket.retention.payload=90d",
        "serai.model.Ticket.retention.deleted=12h",
        "serai.model.Ticket.watch=title, status",
        "serai.model.redmine.Ticket.history=off",
        "serai.model.redmine.Ticket.watch=title");

    ModelPolicies policies = policies(Map.of());

    ModelPolicy any = policies.of("zendesk-sell", "Ticket");
    assertThat(any.history()).isEqualTo(Duration.ofDays(30));
    assertThat(any.payloads()).isEqualTo(Duration.ofDays(90));
    assertThat(any.deleted()).isEqualTo(Duration.ofHours(12));
    assertThat(any.watched()).containsExactly("status", "title");
    assertThat(policies.of(null, "Ticket")).isEqualTo(any);
    ModelPolicy redmine = policies.of("redmine", "Ticket");
    assertThat(redmine.history()).isNull();
    assertThat(redmine.watched()).containsExactly("title");
    assertThat(redmine.payloads()).isEqualTo(Duration.ofDays(90));
    assertThat(policies.of("redmine", "Comment")).isEqualTo(ModelPolicy.NONE);
  }

  @Test
  void the_environment_wins_over_the_file_whatever_the_case_of_the_name() throws Exception {
    file("serai.model.Ticket.history=30d", "serai.model.zendesk-sell.Deal.history=30d");

    ModelPolicies policies =
        policies(
            Map.of(
                "SERAI_MODEL_TICKET_HISTORY", "7d",
                "SERAI_MODEL_ZENDESK_SELL_DEAL_HISTORY", "8d",
                "SERAI_MODEL_REDMINE_TIME_ENTRY_RETENTION_PAYLOAD", "9d"));

    assertThat(policies.of("redmine", "Ticket").history()).isEqualTo(Duration.ofDays(7));
    assertThat(policies.of("zendesk-sell", "Deal").history()).isEqualTo(Duration.ofDays(8));
    assertThat(policies.of("redmine", "Time_Entry").payloads()).isEqualTo(Duration.ofDays(9));
    assertThat(policies.of("zendesk-sell", "Time_Entry").payloads()).isNull();
  }

  @Test
  void what_operators_ignore_is_added_to_the_noise_that_the_provider_names() throws Exception {
    Path desk = Files.createDirectories(home.resolve("providers/desk"));
    Files.writeString(
        desk.resolve("provider.yaml"),
        """
        name: desk
        display_name: Desk
        auth: {type: none}
        base_url: https://desk.test
        models:
          Ticket: {ignore: [custom_fields.last_viewed_at]}
        """);
    file("serai.model.Ticket.ignore=updated_at", "serai.model.desk.Comment.ignore=raw,url");

    ModelPolicies policies = policies(Map.of());

    assertThat(policies.of("desk", "Ticket").ignored())
        .containsExactly("custom_fields.last_viewed_at", "updated_at");
    assertThat(policies.of("other", "Ticket").ignored()).containsExactly("updated_at");
    assertThat(policies.of("desk", "Comment").ignored()).containsExactly("raw", "url");
  }

  @Test
  void a_misspelt_option_in_the_file_is_refused_with_those_there_are() throws Exception {
    file("serai.model.Ticket.retention.payloads=30d");

    assertThatThrownBy(() -> policies(Map.of()))
        .hasMessage(
            "serai.model.Ticket.retention.payloads is not a setting; it must be serai.model.<Model> and one of"
                + " .ignore, .watch, .history, .retention.payload, .retention.deleted");
  }

  @Test
  void one_setting_in_two_spellings_is_refused() throws Exception {
    file("serai.model.Ticket.history=30d", "serai.model.ticket.history=31d");

    assertThatThrownBy(() -> policies(Map.of()))
        .hasMessage(
            "serai.model.Ticket.history and serai.model.ticket.history are one setting; remove one of them");
  }

  private ModelPolicies policies(Map<String, String> environment) {
    Settings settings = Settings.read(home, environment);
    Path providers = home.resolve("providers");
    return settings
        .models()
        .over(Catalogue.load(Files.isDirectory(providers) ? List.of(providers) : List.of()));
  }

  private void file(String... lines) throws Exception {
    Files.write(home.resolve("application.properties"), List.of(lines));
  }
}

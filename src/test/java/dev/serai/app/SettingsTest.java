package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  @TempDir Path home;

  @Test
  void without_a_word_everything_has_a_safe_default() {
    Settings settings = Settings.read(home, Map.of());

    assertThat(settings.listening().bind()).isEqualTo("127.0.0.1");
    assertThat(settings.listening().port()).isEqualTo(3003);
    assertThat(settings.folders().data()).isEqualTo(home.resolve("data"));
    assertThat(settings.secrets().database()).isNull();
    assertThat(settings.listening().webhookRateLimit()).as("a 429 loses webhooks").isZero();
    assertThat(settings.syncing().transaction()).isEqualTo(Duration.ofSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "'none'", "'self' https://*.example.com:8443", "http://localhost:3000"})
  void who_may_frame_the_connect_page_is_said_as_browsers_read_it(String ancestors) {
    Settings settings = Settings.read(home, Map.of("SERAI_CONNECT_FRAME_ANCESTORS", ancestors));

    assertThat(settings.listening().frameAncestors()).isEqualTo(ancestors);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"* ; script-src *", "example.com", "https://a.example, https://b.example", ""})
  void what_would_end_the_policy_is_not_among_them(String ancestors) {
    assertThatThrownBy(
            () -> Settings.read(home, Map.of("SERAI_CONNECT_FRAME_ANCESTORS", ancestors)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("serai.connect.frame.ancestors");
  }

  @Test
  void the_file_documents_every_key_with_its_real_default() throws Exception {
    Path file = Path.of("application.properties");

    assertThat(SettingsSource.readFile(file)).isEqualTo(SettingsSource.DEFAULTS);
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("serai.")) {
        assertThat(lines.get(i - 1)).as("the comment above " + lines.get(i)).startsWith("#");
      }
    }
  }

  @Test
  void the_examples_in_the_file_are_good_and_show_every_option_of_a_model() throws Exception {
    List<String> examples =
        Files.readAllLines(Path.of("application.properties")).stream()
            .filter(line -> line.startsWith("#serai."))
            .map(line -> line.substring(1))
            .toList();
    Files.write(home.resolve("application.properties"), examples);

    assertThat(Settings.read(home, Map.of()).models().said()).hasSize(2);
    assertThat(examples)
        .map(line -> line.substring(0, line.indexOf('=')))
        .allMatch(key -> key.startsWith(ModelSettings.PREFIX))
        .map(key -> key.replaceFirst(".*Ticket\\.", ""))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ModelSettings.Option.values()).map(ModelSettings.Option::key).toList());
  }

  @Test
  void the_environment_wins_over_the_file_and_the_file_over_the_default() throws Exception {
    Files.writeString(
        home.resolve("application.properties"), "serai.port=4000\nserai.management.port=4001\n");

    Settings settings = Settings.read(home, Map.of("SERAI_PORT", "5000"));

    assertThat(settings.listening().port()).isEqualTo(5000);
    assertThat(settings.listening().managementPort()).isEqualTo(4001);
    assertThat(settings.visible()).containsEntry("serai.port", "5000");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SERAI_PORT              | abc                  | serai.port is 'abc'; it must be a whole number from 1 to 65535",
        "SERAI_PORT              | 70000                | serai.port is '70000'",
        "SERAI_MANAGEMENT_PORT   | 3003                 | serai.management.port is '3003'; it must be a port no other setting uses",
        "SERAI_SECRET_KEY_DEV    | not-a-uuid           | serai.secret.key.dev is [hidden]; it must be a UUID v4",
        "SERAI_SECRET_KEY_DEV    | 2f1d9a5c-8f5b-1c6e-9a38-5a4ad0a3f0a1 | it must be a UUID v4",
        "SERAI_ENCRYPTION_KEY    | c2hvcnQ=             | serai.encryption.key is [hidden]; it must be 32 bytes in base64 (the key has 5 bytes",
        "SERAI_DATABASE_URL      | mysql://u:geheim@h/d | serai.database.url is [hidden]; it must be like postgresql://",
        "SERAI_DATABASE_URL      | postgresql://u:geheim@h/d | serai.encryption.key is missing",
        "SERAI_DATABASE_URL      | postgresql://u:gehe im@h/d | percent-encode special characters",
        "SERAI_SYNC_LEASE        | 60                   | serai.sync.lease is '60'; it must be a duration such as 30s",
        "SERAI_SYNC_LEASE        | 1s                   | serai.sync.lease is '1s'; it must be at least 4s",
        "SERAI_SYNC_HEARTBEAT    | 30s                  | at most a third of serai.sync.lease",
        "SERAI_LOG_FORMAT        | xml                  | serai.log.format is 'xml'; it must be text or json",
        "SERAI_RECORDS_ENCRYPT   | aes                  | serai.records.encrypt is 'aes'; it must be true or false",
        "SERAI_SAMPLE            | maybe                | serai.sample is 'maybe'; it must be true or false",
        "SERAI_PROVIDERS         | /no/such/folder      | it must be folders that exist",
        "SERAI_EGRESS_PROXY      | proxy:3128           | it must be a URL such as http://host:port",
        "SERAI_WEBHOOK_URL       | ftp://host/x         | it must be a URL such as https://host:port",
        "SERAI_TRUSTED_PROXIES   | 10.0.0.0/8,proxy     | serai.trusted.proxies is '10.0.0.0/8,proxy'; it must be addresses or CIDR blocks, separated by commas ('proxy' is no IP address)",
        "SERAI_TRUSTED_PROXIES   | 10.0.0.0/33          | the prefix must lie between 0 and 32",
        "SERAI_PROT              | 3003                 | SERAI_PROT is not a setting",
        "SERAI_MODEL_TICKET_HISTROY | 30d               | SERAI_MODEL_TICKET_HISTROY is not a setting; it must be SERAI_MODEL_<MODEL> and one of _IGNORE, _WATCH, _HISTORY, _RETENTION_PAYLOAD, _RETENTION_DELETED",
        "SERAI_MODEL_HISTORY     | 30d                  | SERAI_MODEL_HISTORY is not a setting",
        "SERAI_MODEL_TICKET_HISTORY | 30 days           | serai.model.TICKET.history is '30 days'; it must be a duration such as 30s, 1h30m or 30d. Set serai.model.TICKET.history in application.properties or SERAI_MODEL_TICKET_HISTORY in the environment",
        "SERAI_MODEL_TICKET_RETENTION_PAYLOAD | 30s     | serai.model.TICKET.retention.payload is '30s'; it must be at least 1h",
        "SERAI_MODEL_TICKET_RETENTION_DELETED | 9999999d | it must be a duration such as",
        "SERAI_MODEL_TICKET_WATCH | title,.status       | serai.model.TICKET.watch is 'title,.status'; it must be fields, dotted from the top, separated by commas ('.status' is none)",
      })
  void a_wrong_value_is_refused_with_one_line_that_names_the_key(
      String variable, String value, String message) {
    assertThatThrownBy(() -> Settings.read(home, Map.of(variable, value)))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(message)
        .hasMessageNotContainingAny("\n", "geheim", "gehe im", "not-a-uuid", "c2hvcnQ=");
  }

  @Test
  void a_misspelt_key_in_the_file_is_refused() throws Exception {
    Files.writeString(home.resolve("application.properties"), "serai.prot=3003\n");

    assertThatThrownBy(() -> Settings.read(home, Map.of()))
        .hasMessage("serai.prot is not a setting; see application.properties for all of them");
  }

  @Test
  void routes_see_the_settings_of_camel_and_no_secret() throws Exception {
    Files.writeString(home.resolve("application.properties"), "camel.main.name=mine\n");

    Settings settings =
        Settings.read(
            home,
            Map.of(
                "SERAI_DATABASE_URL", "postgresql://u:geheim@h/d",
                "SERAI_ENCRYPTION_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "SERAI_SECRET_KEY_DEV", "2f1d9a5c-8f5b-4c6e-9a38-5a4ad0a3f0a1"));

    assertThat(settings.visible()).containsEntry("camel.main.name", "mine");
    assertThat(settings.visible().toString()).doesNotContain("geheim", "AAAAAAAA", "2f1d9a5c");
  }
}

package dev.serai.connection;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import dev.serai.provider.Provider.ConfigField;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What counts as a secret is what the provider declares, and by default all of it. */
class SecretTextsTest {
  private static final Map<String, ConfigField> DECLARED =
      Map.of(
          "user", field(false),
          "token_type", field(true),
          "app.id", field(false),
          "username", field(true));

  @Test
  void what_is_entered_is_secret_whatever_it_is_called_unless_declared_otherwise() {
    ObjectNode inputs =
        Json.object()
            .put("user", "ann")
            .put("apiKey", "s-key")
            .put("pin", 482913)
            .put("passphrase", "s-phrase")
            .put("token_type", "s-type");
    inputs.putObject("app").put("id", "a-7").put("key", "s-nested");

    assertThat(SecretTexts.of(new Credentials.Jwt(inputs, "s-token", null), DECLARED))
        .containsExactlyInAnyOrder("s-key", "482913", "s-phrase", "s-type", "s-nested", "s-token");
    assertThat(
            SecretTexts.of(
                new Credentials.TwoStep(inputs, "s-token", "s-again", null, Json.object()),
                DECLARED))
        .contains("s-key", "482913", "s-phrase", "s-again")
        .doesNotContain("ann", "a-7");
  }

  @Test
  void a_user_name_is_secret_where_it_is_declared_so_or_is_all_there_is() {
    Credentials.Basic pair = new Credentials.Basic("key-as-user", "secret");

    assertThat(SecretTexts.of(pair, Map.of())).containsExactly("secret");
    assertThat(SecretTexts.of(pair, DECLARED)).containsExactly("key-as-user", "secret");
    assertThat(SecretTexts.of(new Credentials.Basic("key-as-user", ""), Map.of()))
        .containsExactly("key-as-user");
  }

  @Test
  void of_what_a_provider_answered_the_names_tell() {
    ObjectNode raw =
        Json.object()
            .put("token_type", "bearer")
            .put("scope", "tokens:read")
            .put("id_token", "s-id")
            .put("session", "s-session");
    raw.putArray("teams").addObject().put("name", "north").put("api_key", "s-team");

    assertThat(
            SecretTexts.of(
                new Credentials.OAuth2("s-access", "s-refresh", null, "id", "s-app", raw),
                Map.of()))
        .containsExactlyInAnyOrder("s-access", "s-refresh", "s-app", "s-id", "s-session", "s-team");
  }

  private static ConfigField field(boolean secret) {
    return new ConfigField("", "", Pattern.compile(".*"), "", true, secret, null);
  }
}

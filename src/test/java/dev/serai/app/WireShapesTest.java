package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.provider.Logo;
import dev.serai.support.TestSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers and imported connections look like on the wire, from a running Serai. */
@Timeout(120)
class WireShapesTest {
  private static final String OWN = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";
  private static final String LOGOS = "/images/template-logos/";

  @TempDir static Path folder;
  private static Desks desks;
  private static ConnectWorld world;

  @BeforeAll
  static void open() throws Exception {
    desks = new Desks(folder.resolve("providers"));
    Files.writeString(folder.resolve("providers/key/logo.svg"), OWN);
    Files.write(folder.resolve("providers/pair/logo.svg"), new byte[Logo.MOST_BYTES + 1]);
    world =
        new ConnectWorld(
            new TestSettings(folder.resolve("data"))
                .with("SERAI_PROVIDERS", folder.resolve("providers").toString())
                .with("SERAI_OUTGOING_ALLOW", desks.http.address())
                .with("SERAI_PUBLIC_URL", "https://serai.example.com/"),
            desks.http.url());
    for (String desk : List.of("key", "pair", "open", "wsse", "client", "signer")) {
      integrate(desk, "");
    }
    for (var app :
        Map.of("tba", "TBA:ck", "one", "OAUTH1:ck", "code", "OAUTH2:ci", "aws", "AWS_SIGV4:AKIA1")
            .entrySet()) {
      String[] said = app.getValue().split(":");
      integrate(
          app.getKey(),
          ",\"credentials\":{\"type\":\"%s\",\"client_id\":\"%s\",\"client_secret\":\"%s\"}"
              .formatted(
                  said[0], said[1], app.getKey().equals("aws") ? "long-lived" : "cs-of-the-app"));
    }
    integrate(
        "inst",
        ",\"credentials\":{\"type\":\"APP\",\"app_id\":\"app-7\",\"app_link\":\"https://desk.example\",\"private_key\":%s}"
            .formatted(quoted(desks.pem)));
  }

  private static void integrate(String desk, String more) throws Exception {
    ConnectWorld.Answer made =
        world.api(
            "POST",
            "/integrations",
            "{\"provider\":\"%1$s\",\"unique_key\":\"%1$s\"%2$s}".formatted(desk, more));
    assertThat(made.status()).as(made.whole().body()).isEqualTo(200);
  }

  private static String quoted(String text) {
    return Json.write(Json.mapper().valueToTree(text));
  }

  @AfterAll
  static void close() {
    world.close();
    desks.close();
  }

  @Test
  void a_provider_has_the_picture_of_its_folder_which_can_do_nothing() throws Exception {
    var logo = world.call("GET", LOGOS + "key.svg", "", "").whole();

    assertThat(logo.statusCode()).isEqualTo(200);
    assertThat(logo.body()).isEqualTo(OWN);
    assertThat(logo.headers().firstValue("Content-Type")).hasValue("image/svg+xml");
    assertThat(logo.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(logo.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(logo.headers().firstValue("Content-Security-Policy"))
        .hasValue("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    String tag = logo.headers().firstValue("ETag").orElseThrow();
    var again = world.call("GET", LOGOS + "key.svg", "", "", "If-None-Match", tag).whole();
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(again.headers().firstValue("ETag")).hasValue(tag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "pair"})
  void without_a_picture_of_a_sensible_size_it_has_its_letters(String desk) throws Exception {
    var logo = world.call("GET", LOGOS + desk + ".svg", "", "").whole();

    assertThat(logo.statusCode()).isEqualTo(200);
    assertThat(logo.headers().firstValue("Content-Type")).hasValue("image/svg+xml");
    assertThat(logo.body())
        .contains(
            "<title>The " + desk + " desk</title>",
            ">TO<".replace("O", desk.substring(0, 1).toUpperCase()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nobody.svg",
        "key",
        "key.png",
        ".svg",
        "..%2Fkey%2Flogo.svg",
        "key%2Flogo.svg",
        "..%5Ckey.svg",
        "key%00.svg",
        "KEY.svg"
      })
  void no_name_is_a_path(String name) throws Exception {
    assertThat(world.call("GET", LOGOS + name, "", "").status()).isEqualTo(404);
  }

  @Test
  void addresses_of_pictures_are_whole_and_lead_there() throws Exception {
    String address = "https://serai.example.com/images/template-logos/key.svg";
    JsonNode one = world.api("GET", "/providers/key", "").body();
    assertThat(one.at("/data/logo_url").asText()).isEqualTo(address);

    JsonNode made =
        world
            .api("POST", "/integrations", "{\"provider\":\"key\",\"unique_key\":\"pictured\"}")
            .body();
    assertThat(made.at("/data/logo").asText()).isEqualTo(address);
  }

  /**
   * @param shown the fields of its credentials
   */
  record Import(String desk, String credentials, String shown, boolean renewable) {
    @Override
    public String toString() {
      return desk + " " + shown;
    }
  }

  private static final String OVER = "\"expires_at\":\"2020-01-02T03:04:05Z\"";

  static Stream<Import> imports() {
    String own = "\"config_override\":{\"client_id\":\"own-id\",\"client_secret\":\"own-secret\"}";
    String ownTba =
        "\"config_override\":{\"client_id\":\"own-ck\",\"client_secret\":\"cs-of-the-customer\"}";
    String token = desks.issued();
    return Stream.of(
        new Import("key", "'API_KEY','apiKey':'right-key'", "type apiKey", false),
        new Import(
            "pair",
            "'BASIC','username':'ann','password':'right-pass'",
            "type username password",
            false),
        new Import("open", "'NONE'", "", false),
        new Import(
            "code", "'OAUTH2','access_token':'" + token + "'", "type access_token raw", false),
        new Import(
            "code",
            "'OAUTH2','access_token':'stale','refresh_token':'%s',%s"
                .formatted(desks.issued(), OVER),
            "type access_token refresh_token expires_at raw",
            true),
        new Import(
            "code",
            "'OAUTH2','access_token':'stale','refresh_token':'%s',%s,%s"
                .formatted(desks.issued("own-token-"), OVER, own),
            "type access_token refresh_token expires_at config_override raw",
            true),
        new Import(
            "client",
            "'OAUTH2_CC','token':'%s','client_id':'cid','client_secret':'right-secret'"
                .formatted(token),
            "type token client_id client_secret raw",
            true),
        new Import(
            "signer",
            "'OAUTH2_CC','token':'stale','client_id':'cid','client_private_key':%s,%s"
                .formatted(quoted(desks.pem), OVER),
            "type token client_id client_private_key expires_at raw",
            true),
        new Import(
            "one",
            "'OAUTH1','oauth_token':'otok','oauth_token_secret':'right-osecret'",
            "type oauth_token oauth_token_secret raw",
            false),
        new Import(
            "tba",
            "'TBA','token_id':'tid','token_secret':'right-tsecret'",
            "type token_id token_secret",
            false),
        new Import(
            "tba",
            "'TBA','token_id':'tid','token_secret':'right-tsecret'," + ownTba,
            "type token_id token_secret config_override",
            false),
        new Import(
            "inst",
            "'APP','app_id':'app-7','installation_id':'42'",
            "type installation_id access_token expires_at raw",
            true));
  }

  /** Of all that the contract takes in: shown whole, believed by the provider, and renewed. */
  @ParameterizedTest
  @MethodSource("imports")
  void what_is_imported_works(Import one) throws Exception {
    ConnectWorld.Answer made = imported(one.desk, one.credentials);
    assertThat(made.status()).as(made.whole().body()).isEqualTo(201);
    assertThat(keys(made.body().path("credentials"))).containsExactlyInAnyOrder(words(one.shown));
    assertThat(made.at("/created_at")).matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]{8}\\.\\d{3}Z");
    String id = made.at("/connection_id");

    assertThat(me(one.desk, id).at("/id")).isEqualTo("acc-1");
    if (one.renewable) {
      String path = "/connections/" + id + "?provider_config_key=" + one.desk;
      JsonNode before = world.api("GET", path, "").body().path("credentials");
      ConnectWorld.Answer forced = world.api("GET", path + "&force_refresh=true", "");
      assertThat(forced.status()).as(forced.whole().body()).isEqualTo(200);
      String token = before.has("token") ? "token" : "access_token";
      assertThat(forced.at("/credentials/" + token))
          .startsWith("token-")
          .isNotEqualTo(before.path(token).asText());
      assertThat(me(one.desk, id).at("/id")).isEqualTo("acc-1");
    }
  }

  /** With apostrophes for quotation marks, and the account where the desk wants one. */
  private static ConnectWorld.Answer imported(String desk, String credentials) throws Exception {
    String account = desk.equals("tba") ? "\"connection_config\":{\"accountId\":\"77_A\"}," : "";
    return posted(desk, account, credentials);
  }

  private static ConnectWorld.Answer posted(String desk, String more, String credentials)
      throws Exception {
    return world.api(
        "POST",
        "/connections",
        "{\"provider_config_key\":\"%s\",%s\"credentials\":{\"type\":%s}}"
            .formatted(desk, more, credentials.replace('\'', '"')));
  }

  private static List<String> keys(JsonNode object) {
    return object.propertyStream().map(Map.Entry::getKey).toList();
  }

  private static String[] words(String text) {
    return text.isEmpty() ? new String[0] : text.split(" ");
  }

  private static ConnectWorld.Answer me(String desk, String connection) throws Exception {
    ConnectWorld.Answer answer =
        world.api(
            "POST",
            "/action/trigger",
            "{\"action_name\":\"me\",\"input\":{}}",
            "Connection-Id",
            connection,
            "Provider-Config-Key",
            desk);
    assertThat(answer.status()).as(answer.whole().body()).isEqualTo(200);
    return answer;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "code | 'OAUTH2','access_token':'t','config_override':{'client_id':'own-id'} | credentials config_override client_secret",
        "code | 'OAUTH2','access_token':'t','config_override':{'client_secret':'x'} | credentials config_override client_id",
        "code | 'OAUTH2','access_token':'t','expires_at':'soon' | credentials expires_at",
        "code | 'OAUTH2','refresh_token':'t' | credentials access_token",
        "client | 'OAUTH2_CC','token':'t','client_id':'cid' | credentials client_secret",
        "client | 'OAUTH2_CC','token':'t','client_secret':'x' | credentials client_id",
        "one | 'OAUTH1','oauth_token':'otok' | credentials oauth_token_secret",
        "key | 'API_KEY' | credentials apiKey",
        "pair | 'BASIC','username':'ann' | credentials password",
        "open | 'NONE','apiKey':'x' | credentials",
        "tba | 'TBA','token_id':'tid','token_secret':'x','config_override':{'client_id':'x'} | credentials config_override client_secret",
        "inst | 'APP','app_id':'app-8','installation_id':'42' | credentials app_id",
        "inst | 'APP','installation_id':'42' | credentials app_id",
        "inst | 'APP','app_id':'app-7','installation_id':'../42' | credentials installation_id",
        "inst | 'CUSTOM','app_id':'app-7','installation_id':'42' | credentials",
        "key | 'BILL','username':'a','password':'b','organization_id':'c','dev_key':'d' | credentials",
        "wsse | 'SIGNATURE','username':'ann','password':'right-pass' | credentials",
        "key | 'JWT','token':'t' | credentials",
        "key | 'TWO_STEP','token':'t' | credentials",
        "aws | 'AWS_SIGV4','role_arn':'r','region':'x' | credentials",
        "key | 'BASIC','username':'ann','password':'x' | credentials",
      })
  void what_cannot_be_imported_is_named_and_nobody_is_asked(
      String desk, String credentials, String path) throws Exception {
    int asked = desks.http.requests().size();
    ConnectWorld.Answer refused = imported(desk, credentials);

    assertThat(refused.status()).as(refused.whole().body()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_body");
    List<String> named = new ArrayList<>();
    refused.body().at("/error/errors/0/path").forEach(part -> named.add(part.asText()));
    assertThat(named).as(refused.whole().body()).containsExactly(words(path));
    assertThat(desks.http.requests()).hasSize(asked);
  }

  @Test
  void tokens_of_an_account_need_the_account() throws Exception {
    ConnectWorld.Answer refused =
        posted("tba", "", "'TBA','token_id':'tid','token_secret':'right-tsecret'");

    assertThat(refused.code()).as(refused.whole().body()).isEqualTo("invalid_body");
    assertThat(refused.body().at("/error/errors/0/path"))
        .hasToString("[\"connection_config\",\"accountId\"]");
  }

  @Test
  void an_installation_that_gets_no_token_is_no_connection() throws Exception {
    int before = world.count("inst");
    ConnectWorld.Answer refused = imported("inst", "'APP','app_id':'app-7','installation_id':'43'");

    assertThat(refused.status()).as(refused.whole().body()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("connection_test_failed");
    assertThat(world.count("inst")).isEqualTo(before);
  }

  @Test
  void entered_credentials_are_shown_with_all_that_signs() throws Exception {
    String session = "?connect_session_token=";
    String wsse =
        world
            .page(
                "/auth/signature/wsse" + session + world.session(""),
                "{\"username\":\"ann\",\"password\":\"right-pass\"}")
            .at("/connectionId");
    JsonNode pair =
        world.api("GET", "/connections/" + wsse + "?provider_config_key=wsse", "").body();
    assertThat(keys(pair.path("credentials")))
        .containsExactlyInAnyOrder("type", "username", "password", "token", "expires_at");
    assertThat(pair.at("/credentials/token").asText())
        .startsWith("UsernameToken Username=\"ann\"")
        .doesNotContain("right-pass");
    assertThat(Instant.parse(pair.at("/credentials/expires_at").asText())).isAfter(Instant.now());

    desks.externalId =
        world.call("GET", "/connect/session", "", world.session("")).at("/data/externalId");
    String aws =
        world
            .page(
                "/auth/aws-sigv4/aws" + session + world.session(""),
                "{\"role_arn\":\"%s\",\"region\":\"eu-central-1\"}".formatted(Desks.ROLE))
            .at("/connectionId");
    JsonNode role = world.api("GET", "/connections/" + aws + "?provider_config_key=aws", "").body();
    assertThat(keys(role.path("credentials")))
        .containsExactlyInAnyOrder(
            words(
                "type role_arn region service access_key_id secret_access_key session_token"
                    + " expires_at external_id raw"));
    assertThat(role.at("/credentials/service").asText()).isEqualTo("execute-api");
    assertThat(role.at("/credentials/raw/SessionToken").asText()).isEqualTo("sts-session");
  }

  @Test
  void an_app_of_two_kinds_fits_no_provider() throws Exception {
    ConnectWorld.Answer refused =
        world.api(
            "POST",
            "/integrations",
            "{\"provider\":\"inst\",\"unique_key\":\"two\",\"credentials\":{\"type\":\"CUSTOM\",\"client_id\":\"a\",\"client_secret\":\"b\",\"app_id\":\"c\",\"app_link\":\"d\",\"private_key\":\"e\"}}");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.code()).isEqualTo("invalid_body");
    assertThat(refused.at("/error/errors/0/message"))
        .isEqualTo("incompatible credentials auth type and provider auth");
  }

  @Test
  void providers_are_listed_and_shown_as_the_contract_says() throws Exception {
    JsonNode one = world.api("GET", "/providers/code", "").body();
    assertThat(keys(one)).containsExactly("data");
    assertThat(keys(one.path("data")))
        .containsExactlyInAnyOrder(
            words(
                "name display_name logo_url categories docs auth_mode auth_modes credentials"
                    + " connection_config authorization_url token_url default_scopes"));
    assertThat(one.at("/data/name").asText()).isEqualTo("code");
    assertThat(one.at("/data/display_name").asText()).isEqualTo("The code desk");
    assertThat(one.at("/data/auth_mode").asText()).isEqualTo("OAUTH2");
    assertThat(one.at("/data/token_url").asText()).isEqualTo(desks.http.url() + "/code/token");

    JsonNode all = world.api("GET", "/providers", "").body();
    assertThat(keys(all)).containsExactly("data");
    assertThat(all.at("/data").findValuesAsText("name"))
        .isSorted()
        .contains(words("aws client code inst jwt key one open pair signer steps tba wsse"));
    assertThat(all.at("/data")).contains(one.at("/data"));
    JsonNode found = world.api("GET", "/providers?search=CODE", "").body().at("/data");
    assertThat(found).containsExactly(one.at("/data"));
    assertThat(world.api("GET", "/providers?search=nowhere", "").body())
        .hasToString("{\"data\":[]}");

    ConnectWorld.Answer narrow = world.api("GET", "/providers?limit=1", "");
    assertThat(narrow.status()).isEqualTo(400);
    assertThat(narrow.code()).isEqualTo("invalid_query_params");
    assertThat(narrow.at("/error/errors/0/code")).isEqualTo("unrecognized_keys");
    ConnectWorld.Answer unknown = world.api("GET", "/providers/nobody", "");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.code()).isEqualTo("not_found");
    assertThat(unknown.at("/error/message")).isEqualTo("Unknown provider nobody");
    assertThat(world.call("GET", "/providers", "", "").status()).isEqualTo(401);
    String session = world.session("");
    assertThat(world.call("GET", "/providers/code", "", session).body()).isEqualTo(one);
    assertThat(world.call("GET", "/providers", "", session).body()).isEqualTo(all);
  }
}

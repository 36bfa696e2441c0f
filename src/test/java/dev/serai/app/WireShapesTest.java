package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Logo;
import dev.serai.support.TestSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
}

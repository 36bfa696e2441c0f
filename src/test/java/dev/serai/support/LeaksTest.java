package dev.serai.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.database.DatabaseAddress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** That the watch over all tests finds what was planted, in every kind of place. */
class LeaksTest {
  private static final String SECRET = Marked.secret("planted");

  @Test
  void it_finds_a_secret_in_any_spelling() {
    byte[] bytes = ("x:" + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String text :
        new String[] {
          "a " + SECRET,
          HexFormat.of().formatHex(bytes),
          HexFormat.of().withUpperCase().formatHex(bytes),
          Base64.getEncoder().encodeToString(bytes),
          Base64.getUrlEncoder().encodeToString(("user" + SECRET).getBytes(StandardCharsets.UTF_8)),
          Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8)),
          "key " + Marked.MASTER_KEY,
          "Bearer " + Marked.DEV_KEY,
          "nango_connect_session_" + "0f".repeat(32),
          "-----BEGIN RSA PRIVATE KEY-----"
        }) {
      assertThat(Marked.in(text)).as(text).isPresent();
    }
    assertThat(Marked.in("nothing, hush, nango_connect_session_, BEGIN PUBLIC KEY")).isEmpty();
  }

  @Test
  void it_finds_a_secret_in_text_and_in_bytes_of_any_table_before_the_database_is_gone()
      throws Exception {
    DatabaseAddress address = TestServer.shared().freshDatabase();
    Leaks.look(address);
    long begun = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      Leaks.look(address);
    }
    System.out.printf(
        "leaks: a look through a database takes %.1f ms%n", (System.nanoTime() - begun) / 20e6);
    assertThat(Leaks.taken()).isEmpty();
    plant(
        address,
        "insert into environment (name, webhook_signing_key) values ('%s', '%s'::bytea)"
            .formatted(SECRET, SECRET));
    Leaks.look(address);
    assertThat(Leaks.taken()).singleElement().asString().contains("environment");
    plant(address, "update environment set name = 'dev'");
    TestServer.shared().drop(address);
    assertThat(Leaks.taken()).singleElement().asString().contains("environment");
  }

  private static void plant(DatabaseAddress address, String sql) throws Exception {
    try (var connection =
            DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Conversations with providers that are kept as files: nobody's real credentials are in them. */
  @Test
  void no_fixture_holds_a_credential() throws Exception {
    Pattern credential =
        Pattern.compile(
            "(?i)\"authorization\"|bearer [\\w.~+/-]{16,}|basic [\\w+/]{16,}|eyJ[\\w-]{10,}\\.|(?:gh[pousr]|xox[abp]|sk|pk)[_-][\\w-]{16,}");
    assertThat(credential.matcher("Bearer 0123456789abcdef").find()).isTrue();
    try (Stream<Path> files = Files.walk(Path.of("providers"))) {
      List<Path> fixtures =
          files.filter(file -> file.toString().matches(".*/tests/[^/]+\\.json")).toList();
      assertThat(fixtures).hasSizeGreaterThan(5);
      for (Path fixture : fixtures) {
        String text = Files.readString(fixture);
        assertThat(Marked.in(text)).as(fixture.toString()).isEmpty();
        assertThat(credential.matcher(text).find()).as(fixture.toString()).isFalse();
      }
    }
  }

  @Test
  void it_finds_a_secret_in_what_is_printed_also_piece_by_piece() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    PrintStream out = Leaks.heard(new PrintStream(written, true), "printed");
    out.println("nothing");
    out.print("half of it: " + SECRET.substring(0, 5));
    assertThat(Leaks.taken()).isEmpty();
    out.println(SECRET.substring(5));
    assertThat(Leaks.taken()).singleElement().asString().startsWith("printed: half");
    assertThat(written.toString(StandardCharsets.UTF_8)).contains("nothing\nhalf", SECRET);
  }

  @Test
  void it_finds_a_secret_in_what_this_jvm_prints_and_in_what_serai_logs() {
    System.out.println("planted on purpose: " + Marked.MARK);
    assertThat(Leaks.taken()).singleElement().asString().startsWith("printed: planted");
    LoggerFactory.getLogger("dev.serai.planted").trace("with {}", SECRET);
    assertThat(Leaks.taken()).singleElement().asString().startsWith("logged by dev.serai.planted");
    LoggerFactory.getLogger("dev.serai.planted")
        .debug("failed", new IllegalStateException("x", new IllegalArgumentException(SECRET)));
    assertThat(Leaks.taken()).isNotEmpty();
  }
}

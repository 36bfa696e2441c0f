package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Connect page speaks four languages, and all of them wholly. */
class ConnectTextsTest {
  private static final Path FOLDER = Path.of("src/main/resources/web/connect");
  private static final Pattern TEXT = Pattern.compile("(?m)^  (\\w+): '(.*)',$");
  private static final Pattern VALUE = Pattern.compile("\\{\\w+}");
  private static final Pattern WORD = Pattern.compile("'(\\w+)'");

  /** Put together when the page runs: by auth mode, by field, by the end that was met. */
  private static final Pattern COMPOSED =
      Pattern.compile("(mode|field|help)_.*|(expired|no_token|failed|empty)_(title|lead)");

  @ParameterizedTest
  @ValueSource(strings = {"de", "es", "fr"})
  void every_language_has_every_text_with_the_same_values(String language) throws Exception {
    Map<String, String> english = texts("en");
    Map<String, String> other = texts(language);

    assertThat(other.keySet()).isEqualTo(english.keySet());
    assertThat(other)
        .allSatisfy((key, text) -> {
          assertThat(text).as(key).isNotBlank();
          assertThat(values(text)).as(key).isEqualTo(values(english.get(key)));
        });
    assertThat(other.entrySet().stream().filter(e -> e.getValue().equals(english.get(e.getKey()))))
        .as("texts that nobody translated")
        .allMatch(same -> same.getKey().matches("optional|field_(region|.*_id)"));
  }

  @Test
  void every_text_is_used_and_every_text_that_is_used_exists() throws Exception {
    Set<String> known = texts("en").keySet();
    String program = program();
    Set<String> written =
        WORD.matcher(program).results().map(r -> r.group(1)).collect(Collectors.toSet());
    Set<String> said =
        Pattern.compile("say\\('(\\w+)'")
            .matcher(program)
            .results()
            .map(r -> r.group(1))
            .collect(Collectors.toSet());

    assertThat(known).containsAll(said);
    assertThat(known).allMatch(key -> written.contains(key) || COMPOSED.matcher(key).matches());
  }

  /** Else a form would show the provider's English in the middle of another language. */
  @Test
  void the_usual_fields_are_asked_for_in_the_very_words_that_are_translated() throws Exception {
    Map<String, String> english = texts("en");
    Matcher usual =
        Pattern.compile("(?:usual|optional)\\(\"(\\w+)\", \"([^\"]+)\", \"([^\"]+)\"")
            .matcher(Files.readString(Path.of("src/main/java/dev/serai/provider/Entries.java")));
    int fields = 0;
    while (usual.find()) {
      fields++;
      assertThat(english.get("field_" + usual.group(1))).isEqualTo(usual.group(2));
      assertThat(english.get("help_" + usual.group(1)).replace("\\'", "'"))
          .isEqualTo(usual.group(3));
    }
    assertThat(fields).isEqualTo(11);
  }

  @Test
  void in_french_no_line_begins_with_punctuation() throws Exception {
    assertThat(texts("fr").values())
        .noneMatch(text -> Pattern.compile(" [:?!;»]|« ").matcher(text).find());
  }

  /** Else a customer would be told that something went wrong, and not what. */
  @Test
  void every_code_that_keeps_a_connection_from_being_made_has_words() throws Exception {
    Pattern code =
        Pattern.compile(
            "(?:ConnectRefused\\(|AuthRefused\\(|ApiError\\.of\\(\\s*\\d+,)\\s*\"(\\w+)\"");
    Set<String> codes = new TreeSet<>();
    for (String file :
        Set.of("api/Admission", "api/CredentialPages", "api/Brought", "api/OAuthPages")) {
      codes.addAll(found(code, Path.of("src/main/java/dev/serai/" + file + ".java")));
    }
    for (String folder : Set.of("connection/auth", "connection/connect")) {
      try (var files = Files.list(Path.of("src/main/java/dev/serai/" + folder))) {
        for (Path file : files.toList()) {
          codes.addAll(found(code, file));
        }
      }
    }
    // These have screens of their own, or differ by what the provider said.
    codes.removeAll(
        Set.of("account_differs", "unknown_connect_session_token", "connection_validation_failed"));

    assertThat(codes).hasSizeGreaterThan(12).contains("missing_app", "invalid_hmac");
    assertThat(Files.readString(FOLDER.resolve("troubles.js"))).contains(codes);
  }

  private static Set<String> found(Pattern code, Path file) throws IOException {
    return code.matcher(Files.readString(file))
        .results()
        .map(r -> r.group(1))
        .collect(Collectors.toSet());
  }

  private static Map<String, String> texts(String language) throws IOException {
    String file = Files.readString(FOLDER.resolve(language + ".js"));
    Map<String, String> texts = new TreeMap<>();
    TEXT.matcher(file).results().forEach(r -> texts.put(r.group(1), r.group(2)));
    assertThat(texts).as("lines of " + language).hasSize((int) file.lines().count() - 2);
    return texts;
  }

  private static Set<String> values(String text) {
    return VALUE
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String program() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(FOLDER)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".js")).toList()) {
        if (!file.getFileName().toString().matches("(en|de|es|fr)\\.js")) {
          all.append(Files.readString(file));
        }
      }
    }
    return all.toString();
  }
}

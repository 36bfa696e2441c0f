package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.http.HttpCall;
import dev.serai.provider.Provider.ConfigField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one provider's folder: all of its provider.yaml or none, with every problem it has. */
final class ProviderReader {
  private static final Template EMPTY = new Template("", List.of());
  private final List<ProviderProblem> problems = new ArrayList<>();
  private final Path folder;

  ProviderReader(Path folder) {
    this.folder = folder;
  }

  /** What came of it; {@code provider} is null if and only if there are problems. */
  record Result(@Nullable Provider provider, List<ProviderProblem> problems) {}

  Result read() {
    Path file = folder.resolve("provider.yaml");
    try {
      YamlDocument document = YamlDocument.parse(file, Files.readString(file));
      problems.addAll(ProviderSchema.check(document));
      if (problems.isEmpty()) {
        Provider provider = provider(new Words(document, document.root(), "", problems));
        if (problems.isEmpty()) {
          return new Result(provider, List.of());
        }
      }
    } catch (YamlDocument.Unreadable e) {
      problems.add(e.problem);
    } catch (IOException e) {
      problems.add(
          new ProviderProblem(
              file, 0, "cannot be read: " + e, "put a readable provider.yaml (UTF-8) there"));
    }
    return new Result(null, List.copyOf(problems));
  }

  private Provider provider(Words words) {
    String name = words.text("name", "");
    if (!name.equals(String.valueOf(folder.getFileName()))) {
      words.problem(
          "name",
          "'" + name + "' is not the folder's name",
          "write `name: " + folder.getFileName() + "` or rename the folder");
    }
    Map<String, ConfigField> config = config(words.child("connection_config"));
    Names names = new Names(config);
    Set<String> known = names.open();
    Auth auth = new AuthWords(orEmpty(words.child("auth")), config).read();
    List<Auth> alternatives = AuthWords.alternatives(words.child("alternative_auth"), config);
    AuthWords.distinct(words, auth, alternatives);
    return new Provider(
        name,
        folder,
        words.text("display_name", name),
        list(words.node().path("categories")),
        words.optional("docs"),
        auth,
        alternatives,
        auth.renewing().schedule(),
        TokenWords.url(words, "base_url", names, known),
        config,
        templates(words.child("headers"), names.all()),
        retry(words.child("retry")),
        limits(words.child("limits")),
        concurrency(words.child("concurrency")),
        verify(words.child("verify")),
        streams(words.child("streams"), known),
        models(words.child("models")),
        WebhookWords.read(words.child("webhooks"), config));
  }

  private static Map<String, ConfigField> config(@Nullable Words words) {
    Map<String, ConfigField> fields = new LinkedHashMap<>();
    if (words != null) {
      words.children().forEach((key, field) -> fields.put(key, field(field)));
    }
    return fields;
  }

  private static ConfigField field(Words words) {
    Pattern pattern = words.read("pattern", Pattern::compile, "write a Java regular expression");
    String example = words.text("example", "");
    if (pattern != null && !pattern.matcher(example).matches()) {
      words.problem("example", "it does not match the pattern", "correct one of the two");
    }
    return new ConfigField(
        words.text("title", ""),
        words.text("description", ""),
        pattern == null ? Pattern.compile("") : pattern,
        example,
        words.flag("required", true),
        words.flag("secret", false),
        words.optional("default"));
  }

  static Map<String, Template> templates(@Nullable Words words, Set<String> known) {
    Map<String, Template> all = new LinkedHashMap<>();
    if (words != null) {
      for (String key : words.children().keySet()) {
        Template template = words.template(key, known);
        all.put(key, template == null ? EMPTY : template);
      }
    }
    return all;
  }

  private static Provider.Retry retry(@Nullable Words declared) {
    Words words = orEmpty(declared);
    Words backoff = orEmpty(words.child("backoff"));
    return new Provider.Retry(
        words.numbers("statuses", List.of(408, 429, 500, 502, 503, 504)),
        words.number("max_attempts", 5),
        words.duration("max_elapsed", Duration.ofMinutes(2)),
        words.text("after_header", "Retry-After"),
        backoff.duration("base", Duration.ofSeconds(1)),
        backoff.node().path("factor").asDouble(2),
        backoff.duration("max", Duration.ofSeconds(30)));
  }

  private static HttpCall.Limits limits(@Nullable Words declared) {
    Words words = orEmpty(declared);
    HttpCall.Limits usual = HttpCall.Limits.DEFAULT;
    return new HttpCall.Limits(
        words.duration("connect", usual.connect()),
        words.duration("first_byte", usual.firstByte()),
        words.duration("whole", usual.whole()),
        bytes(words.node().path("answer_bytes"), usual.answerBytes()));
  }

  private static long bytes(JsonNode node, long usual) {
    if (node.isMissingNode() || node.isNumber()) {
      return node.asLong(usual);
    }
    String text = node.asText().toUpperCase(Locale.ROOT);
    long number = Long.parseLong(text.substring(0, text.length() - 2));
    return number << (text.endsWith("KB") ? 10 : 20);
  }

  private static Provider.Concurrency concurrency(@Nullable Words declared) {
    Words words = orEmpty(declared);
    return new Provider.Concurrency(
        words.number("per_connection", 4), words.number("per_provider", 32));
  }

  private static Provider.@Nullable Verify verify(@Nullable Words words) {
    return words == null
        ? null
        : new Provider.Verify(
            words.text("method", "GET"),
            words.text("path", "/"),
            words.node().get("body"),
            words.numbers("statuses", List.of(200, 201, 202, 204)),
            words.jslt("expect"),
            words.jslt("account"));
  }

  private static Map<String, StreamSpec> streams(@Nullable Words words, Set<String> known) {
    Map<String, StreamSpec> streams = new LinkedHashMap<>();
    if (words != null) {
      words
          .children()
          .forEach((name, child) -> streams.put(name, new StreamWords(child, known).read(name)));
    }
    return streams;
  }

  private static Map<String, Provider.ModelSpec> models(@Nullable Words words) {
    Map<String, Provider.ModelSpec> models = new LinkedHashMap<>();
    if (words != null) {
      words
          .children()
          .forEach((name, child) ->
              models.put(name, new Provider.ModelSpec(list(child.node().path("ignore")))));
    }
    return models;
  }

  private static List<String> list(JsonNode node) {
    List<String> all = new ArrayList<>();
    node.forEach(item -> all.add(item.asText()));
    return all;
  }

  static Words orEmpty(@Nullable Words words) {
    return words == null
        ? new Words(
            new YamlDocument(Path.of(""), dev.serai.Json.object(), Map.of()),
            dev.serai.Json.object(),
            "",
            new ArrayList<>())
        : words;
  }
}

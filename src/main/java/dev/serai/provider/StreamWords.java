package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Pagination.Sizing;
import dev.serai.provider.Pagination.Stop;
import dev.serai.provider.StreamSpec.Deletes;
import dev.serai.provider.StreamSpec.ErrorRule;
import dev.serai.provider.StreamSpec.Incremental;
import dev.serai.provider.StreamSpec.Into;
import dev.serai.provider.StreamSpec.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code streams:} and refuses combinations that would lose records. */
final class StreamWords {
  static final Jslt NOTHING = Jslt.compile("null");
  private final Words words;
  private final Set<String> known;

  StreamWords(Words words, Set<String> known) {
    this.words = words;
    this.known = known;
  }

  StreamSpec read(String name) {
    Words records = ProviderReader.orEmpty(words.child("records"));
    Words fullEvery = ProviderReader.orEmpty(words.child("full_every"));
    Incremental incremental = new IncrementalWords(words, this::into).read();
    Pagination pagination = pagination(incremental);
    Deletes deletes = deletes();
    StreamSpec stream =
        new StreamSpec(
            name,
            request(),
            records.jslt("path"),
            records.jslt("filter"),
            primaryKey(),
            pagination,
            incremental,
            fullEvery.number("runs", 0),
            fullEvery.duration("duration", Duration.ZERO),
            deletes,
            words.node().path("max_delete_ratio").asDouble(0.5),
            words.number("batch_size", 1000),
            onError());
    check(stream);
    return stream;
  }

  private void check(StreamSpec stream) {
    boolean proves =
        stream.deletes() instanceof Deletes.FullDiff || stream.deletes() instanceof Deletes.Verify;
    if (proves && stream.pagination().stop().maxPages() > 0) {
      words.problem(
          "pagination",
          "a read that max_pages cuts short would take the rest for deleted",
          "remove max_pages, or use `deletes: none`");
    }
    if (stream.deletes() instanceof Deletes.Verify && stream.primaryKey().size() > 1) {
      words.problem(
          "deletes", "verify asks by one id, but primary_key has several", "use full_diff");
    }
    for (String key : stream.primaryKey()) {
      if (key.startsWith(".")) {
        words.problem("primary_key", "'" + key + "' is a path", "name the field without the dot");
      }
    }
  }

  private StreamSpec.Request request() {
    Words request = ProviderReader.orEmpty(words.child("request"));
    Template path = request.template("path", known);
    JsonNode body = request.node().get("body");
    try {
      JsonTemplate.check(body, known);
    } catch (IllegalArgumentException e) {
      request.problem("body", String.valueOf(e.getMessage()), "correct the name of the field");
    }
    return new StreamSpec.Request(
        request.text("method", "GET"),
        path == null ? new Template("/", List.of()) : path,
        ProviderReader.templates(request.child("query"), known),
        ProviderReader.templates(request.child("headers"), known),
        body);
  }

  private List<String> primaryKey() {
    JsonNode key = words.node().path("primary_key");
    if (!key.isArray()) {
      return List.of(key.asText("id"));
    }
    List<String> parts = new ArrayList<>();
    key.forEach(part -> parts.add(part.asText()));
    return parts;
  }

  private Pagination pagination(@Nullable Incremental incremental) {
    Words page = ProviderReader.orEmpty(words.child("pagination"));
    Sizing sizing = new Sizing(page.number("size", 0), into(page.child("size_into")));
    Stop stop = stop(ProviderReader.orEmpty(page.child("stop")));
    if (stop.onShortPage() && sizing.size() == 0) {
      page.problem("stop", "on_short_page needs to know a full page", "declare size");
    }
    boolean anchored =
        incremental != null
            && incremental.order() == Order.ASC
            && incremental.startInto() != null
            && !incremental.clientSide();
    if (page.flag("reanchor", false) && !anchored) {
      page.problem(
          "reanchor",
          "there is nothing to anchor to",
          "declare incremental with start_into and `order: asc`");
    }
    boolean reanchor = anchored && page.flag("reanchor", true);
    return switch (page.text("type", "none")) {
      case "page" ->
          new Pagination.Page(page.number("start", 1), place(page), reanchor, sizing, stop);
      case "offset" -> {
        boolean bySize = page.text("advance_by", "records_returned").equals("page_size");
        if (bySize && sizing.size() == 0) {
          page.problem("advance_by", "page_size is not known", "declare size");
        }
        yield new Pagination.Offset(
            page.number("start", 0), place(page), bySize, reanchor, sizing, stop);
      }
      case "cursor" ->
          new Pagination.Cursor(
              page.jslt("path"), page.optional("header"), place(page), sizing, stop);
      case "link" ->
          new Pagination.Link(
              page.jslt("path"), page.optional("header"), page.text("rel", "next"), sizing, stop);
      case "keyset" -> {
        Jslt field = page.jslt("field");
        yield new Pagination.Keyset(field == null ? NOTHING : field, place(page), sizing, stop);
      }
      default -> new Pagination.None(stop);
    };
  }

  private static Stop stop(Words stop) {
    return new Stop(
        stop.node().has("on_empty_page") ? stop.flag("on_empty_page", true) : null,
        stop.flag("on_short_page", false),
        stop.jslt("has_more_path"),
        stop.jslt("total_path"),
        stop.number("max_pages", 0),
        stop.jslt("when"));
  }

  private Into place(Words page) {
    Into into = into(page.child("into"));
    return into == null ? new Into(Into.Place.QUERY, "page", null) : into;
  }

  private @Nullable Into into(@Nullable Words into) {
    if (into == null) {
      return null;
    }
    Template template = into.template("template", Set.of("value"));
    for (Into.Place place : Into.Place.values()) {
      String name = into.optional(place.name().toLowerCase(Locale.ROOT));
      if (name != null) {
        if (place == Into.Place.PATH
            && !words.node().path("request").path("path").asText().contains("{" + name + "}")) {
          into.problem(
              "path", "request.path has no {" + name + "}", "add the placeholder to request.path");
        }
        return new Into(place, name, template);
      }
    }
    return null;
  }

  private Deletes deletes() {
    Words declared = words.child("deletes");
    if (declared == null || declared.node().asText().equals("none")) {
      return new Deletes.None();
    }
    Words field = declared.child("field");
    if (field != null) {
      Jslt path = field.jslt("path");
      return new Deletes.Field(path == null ? NOTHING : path, field.node().get("value"));
    }
    Words verify = declared.child("verify");
    if (verify != null) {
      return new Deletes.Verify(verify.text("path", ""), verify.numbers("gone", List.of(404, 410)));
    }
    return new Deletes.FullDiff();
  }

  private List<ErrorRule> onError() {
    List<ErrorRule> rules = new ArrayList<>();
    Words all = ProviderReader.orEmpty(words.child("on_error"));
    for (int i = 0; i < all.node().size(); i++) {
      Words rule =
          new Words(all.document(), all.node().get(i), all.pointer() + "/" + i, all.problems());
      Words when = ProviderReader.orEmpty(rule.child("when"));
      rules.add(
          new ErrorRule(
              when.numbers("status", List.of()),
              when.optional("body_contains"),
              when.jslt("expr"),
              ErrorRule.Do.valueOf(rule.text("do", "fail").toUpperCase(Locale.ROOT)),
              rule.text("class", "provider").toUpperCase(Locale.ROOT),
              rule.text("message", "")));
    }
    return rules;
  }
}

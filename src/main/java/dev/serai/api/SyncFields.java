package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.sync.SyncControl.Mode;
import dev.serai.sync.SyncControl.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How requests name syncs and say what a run is to read. */
final class SyncFields {
  static final String BASE = "base";
  private static final int MOST = 256;

  private SyncFields() {}

  /** {@code syncs} of a body: {@code "name"}, {@code "name::variant"} or an object. */
  static List<Name> names(Fields body) {
    List<JsonNode> given =
        body.list("syncs", MOST).orElseGet(() -> body.missing("syncs", "array", List.of()));
    List<Name> names = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      name(given.get(i)).ifPresentOrElse(names::add, reporter(body, i));
    }
    return names;
  }

  private static Runnable reporter(Fields body, int position) {
    return () ->
        body.report(
            "invalid_union",
            "Invalid input: expected \"name\", \"name::variant\" or {name, variant}",
            "syncs",
            position);
  }

  /** {@code a,b::v} of a query. */
  static List<Name> listed(Fields query, String text) {
    List<Name> names = new ArrayList<>();
    for (String part : text.split(",")) {
      parse(part.strip())
          .ifPresentOrElse(
              names::add, () -> query.report("invalid_format", "Invalid sync name", "syncs"));
    }
    return names;
  }

  private static Optional<Name> name(JsonNode given) {
    if (given.isTextual()) {
      return parse(given.textValue());
    }
    boolean known =
        given.isObject()
            && given.path("name").isTextual()
            && given.path("variant").isTextual()
            && given.size() == 2;
    return known
        ? checked(given.path("name").textValue(), given.path("variant").textValue())
        : Optional.empty();
  }

  private static Optional<Name> parse(String text) {
    int colons = text.indexOf("::");
    return colons < 0
        ? checked(text, BASE)
        : checked(text.substring(0, colons), text.substring(colons + 2));
  }

  private static Optional<Name> checked(String name, String variant) {
    boolean fine = TextRule.NAME.check(name).isEmpty() && TextRule.NAME.check(variant).isEmpty();
    return fine ? Optional.of(new Name(name, variant)) : Optional.empty();
  }

  /** What the run reads: by {@code opts}, or by the older {@code sync_mode}, not by both. */
  static Mode mode(Fields body) {
    Optional<Fields> opts = body.nested("opts");
    Optional<Mode> byOpts =
        opts.map(options -> {
          boolean reset = options.flag("reset").orElse(false);
          boolean empty = options.flag("emptyCache").orElse(false);
          options.close();
          return empty ? Mode.FULL_AND_EMPTY : reset ? Mode.FULL : Mode.INCREMENTAL;
        });
    Optional<Mode> byMode =
        body.optionalText("sync_mode", TextRule.ANY).map(text -> mode(body, text));
    boolean full = body.flag("full_resync").orElse(false);
    if (opts.isPresent() && byMode.isPresent()) {
      body.report("custom", "Give either opts or sync_mode", "opts");
    }
    return byOpts.or(() -> byMode).orElse(full ? Mode.FULL : Mode.INCREMENTAL);
  }

  private static Mode mode(Fields body, String text) {
    return switch (text) {
      case "incremental" -> Mode.INCREMENTAL;
      case "full_refresh" -> Mode.FULL;
      case "full_refresh_and_clear_cache" -> Mode.FULL_AND_EMPTY;
      default -> {
        body.report("invalid_value", "Invalid option", "sync_mode");
        yield Mode.INCREMENTAL;
      }
    };
  }

  static String label(Name name) {
    return name.variant().equals(BASE) ? name.name() : name.name() + "::" + name.variant();
  }
}

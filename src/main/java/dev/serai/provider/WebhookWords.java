package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Provider.ConfigField;
import dev.serai.provider.WebhookSpec.Challenge;
import dev.serai.provider.WebhookSpec.Match;
import dev.serai.provider.WebhookSpec.Place;
import dev.serai.provider.WebhookSpec.Proof;
import dev.serai.provider.WebhookSpec.Secret;
import dev.serai.provider.WebhookSpec.Target;
import dev.serai.provider.WebhookSpec.Timestamp;
import dev.serai.provider.WebhookSpec.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code webhooks:} and refuses what would leave a door open without saying so. */
final class WebhookWords {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final Duration REMEMBER = Duration.ofDays(3);
  private static final String CONFIG = "connection_config.";
  private static final String METADATA = "metadata.";

  private final Words words;
  private final Map<String, ConfigField> config;

  private WebhookWords(Words words, Map<String, ConfigField> config) {
    this.words = words;
    this.config = config;
  }

  /**
   * Null when nothing is declared: the provider sends none.
   *
   * @param config what connections are configured with
   */
  static @Nullable WebhookSpec read(@Nullable Words words, Map<String, ConfigField> config) {
    return words == null ? null : new WebhookWords(words, config).read();
  }

  private WebhookSpec read() {
    Proof proof = proof();
    Match match = match();
    @Nullable Secret secret = proof.secret();
    if (secret != null && secret.perConnection() && !(match instanceof Match.By)) {
      words.problem(
          "signature",
          "its secret is the connection's, but nothing says whose delivery it is",
          "add `match: {…, to: …}`");
    }
    @Nullable Timestamp timestamp = timestamp(words.child("timestamp"), proof);
    return new WebhookSpec(
        proof,
        timestamp,
        place(words.child("delivery")),
        words.flag("deduplicate", true),
        remember(timestamp),
        place(words.child("event")),
        words.jslt("each"),
        match,
        challenges(),
        HandshakeWords.read(words, secret, match),
        words.text("answer", "success").equals("empty"));
  }

  /** What was sent in the last moment of the window is good until its end, on either side. */
  private Duration remember(@Nullable Timestamp timestamp) {
    Duration remember = words.duration("remember", REMEMBER);
    if (timestamp != null && remember.compareTo(timestamp.window().multipliedBy(2)) < 0) {
      words.problem(
          "remember",
          "a delivery would be forgotten while it can still be replayed",
          "remember it for twice the timestamp's window at least");
    }
    return remember;
  }

  private Proof proof() {
    Words signature = words.child("signature");
    if (words.flag("unsigned", false) == (signature != null)) {
      words.problem(
          "",
          "exactly one of `signature` and `unsigned: true` must be there",
          "declare how deliveries are signed; `unsigned: true` only where the provider cannot");
    }
    return signature == null ? new Proof.None() : SignatureWords.read(signature, config);
  }

  private static @Nullable Timestamp timestamp(@Nullable Words time, Proof proof) {
    if (time == null) {
      return null;
    }
    Place place = place(time);
    if (place == null && !(proof instanceof Proof.Signature && time.node().has("prefix"))) {
      time.problem(
          "",
          "the time has no place",
          "add header, query or path, or prefix for the signature's header");
    }
    return new Timestamp(
        place,
        time.text("prefix", ""),
        Unit.valueOf(upper(time.text("unit", "s"))),
        time.duration("window", WINDOW));
  }

  private Match match() {
    Words match = words.child("match");
    if (match == null) {
      return new Match.None();
    }
    Place place = place(match);
    if (match.flag("all", false) == (place != null)) {
      match.problem("", "it is either `all: true` or one place", "write header, query or path");
    }
    return place == null ? new Match.All() : new Match.By(place, target(match));
  }

  private static Target target(Words match) {
    String to = match.text("to", "");
    if (to.startsWith(CONFIG)) {
      return new Target.Config(to.substring(CONFIG.length()));
    }
    if (to.startsWith(METADATA)) {
      return new Target.Metadata(to.substring(METADATA.length()));
    }
    if (to.equals("account")) {
      return new Target.Account();
    }
    if (!to.equals("connection_id")) {
      match.problem(
          "to",
          "it says not what the value is compared with",
          "write connection_id, account, connection_config.<field> or metadata.<key>");
    }
    return new Target.ConnectionId();
  }

  private List<Challenge> challenges() {
    List<Challenge> all = new ArrayList<>();
    JsonNode declared = words.node().path("challenges");
    for (int i = 0; i < declared.size(); i++) {
      Words one =
          new Words(
              words.document(),
              declared.get(i),
              words.pointer() + "/challenges/" + i,
              words.problems());
      Place place = place(one);
      if (place == null) {
        one.problem("", "a challenge needs a place", "add header, query or path");
      } else {
        all.add(new Challenge(place, one.jslt("when"), one.flag("signed", true)));
      }
    }
    return List.copyOf(all);
  }

  static @Nullable Place place(@Nullable Words words) {
    if (words == null) {
      return null;
    }
    if (words.node().has("header")) {
      return new Place.Header(words.text("header", ""));
    }
    if (words.node().has("query")) {
      return new Place.Query(words.text("query", ""));
    }
    Jslt path = words.jslt("path");
    return path == null ? null : new Place.Path(path);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}

package dev.serai.provider;

import dev.serai.provider.Provider.ConfigField;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the modes in which the customer enters something that is turned into a proof. */
final class EnteredWords {
  private final Words words;
  private final Names names;
  private final TokenWords tokens;

  EnteredWords(Words words, Names names) {
    this.words = words;
    this.names = names;
    this.tokens = new TokenWords(words, names);
  }

  Auth client() {
    boolean signed = words.text("client_auth", "body").equals("private_key_jwt");
    Words assertion = words.child("assertion");
    if (assertion != null && !signed) {
      words.problem("assertion", "nothing is asserted here", "write client_auth: private_key_jwt");
    }
    Map<String, ConfigField> fields =
        signed
            ? Entries.of(words, "client_id", "client_private_key", "client_certificate")
            : Entries.of(words, "client_id", "client_secret");
    Set<String> known = names.withCredentials(fields.keySet());
    return new Auth.OAuth2Client(
        tokens.endpoint(known),
        words.texts("scopes"),
        words.text("scope_separator", " "),
        ProviderReader.templates(words.child("token_params"), known),
        signed ? assertion(ProviderReader.orEmpty(assertion), known) : null,
        tokens.answer(".access_token"),
        tokens.place(),
        fields,
        tokens.renewing());
  }

  private static Tokens.Assertion assertion(Words assertion, Set<String> known) {
    return new Tokens.Assertion(
        assertion.template("audience", known),
        assertion.text("algorithm", "RS256"),
        assertion.duration("lifetime", Duration.ofMinutes(5)),
        assertion.text("thumbprint", "none"));
  }

  Auth jwt() {
    Map<String, ConfigField> fields = Entries.free(words);
    return new Auth.Jwt(
        SignedWords.read(words, names.withCredentials(fields.keySet())),
        tokens.place(),
        fields,
        tokens.renewing());
  }

  Auth twoStep() {
    Map<String, ConfigField> fields = Entries.free(words);
    Set<String> known = names.withCredentials(fields.keySet());
    known.addAll(Names.app());
    List<Tokens.Step> steps = new ArrayList<>();
    Set<String> taken = new LinkedHashSet<>(known);
    Words declared = ProviderReader.orEmpty(words.child("steps"));
    for (Words step : declared.items()) {
      Tokens.Step read = step(step, taken);
      steps.add(read);
      read.take().keySet().forEach(name -> taken.add("step." + name));
    }
    return new Auth.TwoStep(
        List.copyOf(steps),
        refreshStep(known),
        tokens.answer(".token"),
        tokens.place(),
        fields,
        tokens.renewing());
  }

  private Tokens.@Nullable Step refreshStep(Set<String> known) {
    Words declared = words.child("refresh_step");
    Set<String> withToken = new LinkedHashSet<>(known);
    withToken.add("credentials.refresh_token");
    withToken.add("credentials.token");
    return declared == null ? null : step(declared, withToken);
  }

  private Tokens.Step step(Words step, Set<String> known) {
    Map<String, Jslt> take = new LinkedHashMap<>();
    Words taken = step.child("take");
    if (taken != null) {
      for (String name : taken.children().keySet()) {
        Jslt path = taken.jslt(name);
        take.put(name, path == null ? Jslt.compile("null") : path);
      }
    }
    return new Tokens.Step(
        step.text("method", "POST").toUpperCase(Locale.ROOT),
        TokenWords.url(step, "url", names, known),
        ProviderReader.templates(step.child("headers"), known),
        step.node().has("body") ? SignedWords.json(step, "body", known) : null,
        step.text("body_type", "json").equals("form"),
        take);
  }

  Auth tba() {
    Map<String, ConfigField> fields = Entries.of(words, "token_id", "token_secret");
    return new Auth.Tba(
        words.text("signature", "HMAC-SHA256"), words.template("realm", names.all()), fields);
  }

  Auth wsse() {
    return new Auth.Signature(
        words.text("digest", "bytes").equals("hex"), Entries.of(words, "username", "password"));
  }

  Auth aws() {
    Map<String, ConfigField> fields = Entries.of(words, "role_arn", "region");
    Set<String> known = names.withCredentials(List.of("region"));
    Template service = words.template("service", known);
    return new Auth.AwsSigV4(
        service == null ? Template.parse("", known) : service,
        words.template("region", known),
        words.node().has("sts_url")
            ? tokens.url("sts_url", known)
            : Template.parse("https://sts.amazonaws.com/", known),
        words.duration("lifetime", Duration.ofHours(1)),
        fields,
        tokens.renewing());
  }
}

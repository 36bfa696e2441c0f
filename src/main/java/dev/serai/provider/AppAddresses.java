package dev.serai.provider;

import dev.serai.provider.Provider.ConfigField;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where an integration's own app proves itself, by its secret or its signature: addresses that no
 * customer may choose, since whoever listens there gets what the app has.
 */
public final class AppAddresses {
  /** A few names and nothing else, as the provider's file lists them: {@code com|eu|com\.au}. */
  private static final Pattern LISTED =
      Pattern.compile("NAME(\\|NAME)*".replace("NAME", "[A-Za-z0-9-]+(\\\\\\.[A-Za-z0-9-]+)*"));

  private AppAddresses() {}

  /**
   * The fields of the configuration whose values decide which host the app proves itself to.
   *
   * @param own the customer brought an app of his own, as far as the way knows such
   */
  public static Set<String> fields(Provider provider, Auth way, boolean own) {
    Set<String> places =
        of(provider, way, own).stream()
            .flatMap(template -> template.hosts().stream())
            .collect(Collectors.toSet());
    Set<String> fields = new LinkedHashSet<>();
    provider
        .config()
        .forEach((name, field) -> {
          if (places.contains("connection_config." + name) && !listed(field)) {
            fields.add(name);
          }
        });
    return fields;
  }

  private static boolean listed(ConfigField field) {
    return LISTED.matcher(field.pattern().pattern()).matches();
  }

  /** Where a way asks for tokens, whoever proves himself there. */
  public static List<Template> tokens(Auth way) {
    return switch (way) {
      case Auth.OAuth2Code code -> present(code.token().url(), code.refreshUrl());
      case Auth.OAuth2Client client -> List.of(client.token().url());
      case Auth.OAuth1 oauth -> List.of(oauth.requestUrl(), oauth.tokenUrl());
      case Auth.AppInstall app when app.prove() != null ->
          List.of(app.token().url(), app.prove().token().url(), app.prove().list());
      case Auth.AppInstall app -> List.of(app.token().url());
      case Auth.AwsSigV4 aws -> List.of(aws.stsUrl());
      case Auth.TwoStep steps -> all(steps).map(Tokens.Step::url).toList();
      case Auth.Tba tba -> List.of();
      case Auth.None none -> List.of();
      case Auth.ApiKey key -> List.of();
      case Auth.Basic basic -> List.of();
      case Auth.Jwt jwt -> List.of();
      case Auth.Signature signature -> List.of();
    };
  }

  private static List<Template> of(Provider provider, Auth way, boolean own) {
    return switch (way) {
      case Auth.OAuth2Code code -> own ? List.of() : tokens(way);
      // What is signed with a secret is as good as the secret where the signature is PLAINTEXT.
      case Auth.OAuth1 oauth -> own ? List.of() : with(provider.baseUrl(), tokens(way));
      case Auth.Tba tba -> own ? List.of() : List.of(provider.baseUrl());
      case Auth.AppInstall app -> tokens(way);
      case Auth.AwsSigV4 aws -> tokens(way);
      case Auth.TwoStep steps -> carriesApp(steps) ? tokens(way) : List.of();
      default -> List.of();
    };
  }

  private static List<Template> with(Template one, List<Template> more) {
    return Stream.concat(Stream.of(one), more.stream()).toList();
  }

  private static List<Template> present(@Nullable Template... templates) {
    return Stream.of(templates).filter(Objects::nonNull).toList();
  }

  private static Stream<Tokens.Step> all(Auth.TwoStep steps) {
    return Stream.concat(steps.steps().stream(), Stream.ofNullable(steps.refresh()));
  }

  /** In a header or the body of a request; what came of it may be in any of the others. */
  private static boolean carriesApp(Auth.TwoStep steps) {
    return all(steps)
        .anyMatch(step ->
            step.url().uses(Names.app())
                || step.headers().values().stream().anyMatch(h -> h.uses(Names.app()))
                || String.valueOf(step.body()).matches("(?s).*\\$\\{\\s*app\\..*"));
  }
}

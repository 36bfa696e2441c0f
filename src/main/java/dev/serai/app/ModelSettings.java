package dev.serai.app;

import dev.serai.provider.Catalogue;
import dev.serai.provider.Provider;
import dev.serai.record.ModelPolicies;
import dev.serai.record.ModelPolicy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the settings say of models: {@code serai.model.<Model>.<option>}, and for one provider
 * {@code serai.model.<provider>.<Model>.<option>}, which wins. Names are compared as variables
 * spell them, so their case does not matter.
 */
record ModelSettings(Map<String, Said> said) {
  static final String PREFIX = "serai.model.";

  /** Somebody who wrote 30s for 30d would lose everything within a minute. */
  private static final Duration LEAST = Duration.ofHours(1);

  private static final Pattern FIELD = Pattern.compile("[^.,\\s]+(\\.[^.,\\s]+)*");
  private static final Pattern NAMES =
      Pattern.compile("([a-z][a-z0-9-]*\\.)?[A-Za-z][A-Za-z0-9_-]*");
  private static final Said NOTHING = new Said(Map.of(), Map.of());

  /** What can be said. */
  enum Option {
    IGNORE,
    WATCH,
    HISTORY,
    RETENTION_PAYLOAD,
    RETENTION_DELETED;

    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    boolean isFields() {
      return this == IGNORE || this == WATCH;
    }
  }

  /**
   * @param times zero: off
   */
  record Said(Map<Option, SortedSet<String>> fields, Map<Option, Duration> times) {}

  private record Key(String names, Option option) {}

  static ModelSettings read(SettingsSource source) {
    Map<String, Said> said = new HashMap<>();
    Map<String, String> spelled = new HashMap<>();
    for (String given : source.given(PREFIX)) {
      Key key = key(given).orElseThrow(() -> unknown(given));
      String text = PREFIX + key.names() + "." + key.option().key();
      String twin = isVariable(given) ? null : spelled.put(SettingsSource.variable(text), text);
      if (twin != null) {
        throw new SettingsException(twin + " and " + text + " are one setting; remove one of them");
      }
      Said of =
          said.computeIfAbsent(
              SettingsSource.variable(key.names()),
              names -> new Said(new EnumMap<>(Option.class), new EnumMap<>(Option.class)));
      if (key.option().isFields()) {
        of.fields().put(key.option(), fields(source, text));
      } else {
        of.times().put(key.option(), time(source, text));
      }
    }
    return new ModelSettings(said);
  }

  private static boolean isVariable(String given) {
    return !given.startsWith(PREFIX);
  }

  /** A variable does not show where one name ends, so only its ending is looked at. */
  private static Optional<Key> key(String given) {
    boolean variable = isVariable(given);
    String rest = given.substring(PREFIX.length());
    for (Option option : Option.values()) {
      String ending = variable ? "_" + option.name() : "." + option.key();
      if (rest.endsWith(ending) && rest.length() > ending.length()) {
        String names = rest.substring(0, rest.length() - ending.length());
        if (variable || NAMES.matcher(names).matches()) {
          return Optional.of(new Key(names, option));
        }
      }
    }
    return Optional.empty();
  }

  private static SettingsException unknown(String given) {
    boolean variable = isVariable(given);
    Function<Option, String> ending = option -> variable ? "_" + option.name() : "." + option.key();
    return new SettingsException(
        "%s is not a setting; it must be %s and one of %s"
            .formatted(
                given,
                variable ? "SERAI_MODEL_<MODEL>" : PREFIX + "<Model>",
                Stream.of(Option.values()).map(ending).collect(Collectors.joining(", "))));
  }

  private static SortedSet<String> fields(SettingsSource source, String key) {
    return new TreeSet<>(
        source.list(
            key,
            "fields, dotted from the top, separated by commas",
            field -> {
              Matcher form = FIELD.matcher(field);
              if (!form.matches()) {
                throw new IllegalArgumentException("'" + field + "' is none");
              }
              return field;
            }));
  }

  private static Duration time(SettingsSource source, String key) {
    return source.text(key).equalsIgnoreCase("off") ? Duration.ZERO : source.duration(key, LEAST);
  }

  /** These settings over what the providers say themselves. */
  ModelPolicies over(Catalogue catalogue) {
    record Model(@Nullable String provider, String name) {}
    Map<Model, ModelPolicy> known = new ConcurrentHashMap<>();
    return (provider, model) ->
        known.computeIfAbsent(
            new Model(provider, model), asked -> policy(catalogue, asked.provider(), asked.name()));
  }

  private ModelPolicy policy(Catalogue catalogue, @Nullable String provider, String model) {
    Said general = said.getOrDefault(SettingsSource.variable(model), NOTHING);
    Said own =
        provider == null
            ? NOTHING
            : said.getOrDefault(SettingsSource.variable(provider + "." + model), NOTHING);
    Map<Option, SortedSet<String>> fields = new EnumMap<>(Option.class);
    Map<Option, Duration> times = new EnumMap<>(Option.class);
    Stream.of(general, own)
        .forEach(level -> {
          fields.putAll(level.fields());
          times.putAll(level.times());
        });
    SortedSet<String> ignored = new TreeSet<>(fields.getOrDefault(Option.IGNORE, new TreeSet<>()));
    if (provider != null) {
      catalogue
          .find(provider)
          .map(p -> p.model(model))
          .map(Provider.ModelSpec::ignored)
          .ifPresent(ignored::addAll);
    }
    return new ModelPolicy(
        ignored,
        fields.getOrDefault(Option.WATCH, new TreeSet<>()),
        kept(times, Option.HISTORY),
        kept(times, Option.RETENTION_PAYLOAD),
        kept(times, Option.RETENTION_DELETED));
  }

  private static @Nullable Duration kept(Map<Option, Duration> times, Option option) {
    Duration time = times.getOrDefault(option, Duration.ZERO);
    return time.isZero() ? null : time;
  }
}

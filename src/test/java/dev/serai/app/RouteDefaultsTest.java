package dev.serai.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A route that says another default than application.properties misleads whoever reads it. */
class RouteDefaultsTest {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(serai\\.[\\w.-]+)(:[^}]*)?}}");

  @Test
  void every_setting_in_a_route_has_the_default_that_application_properties_says()
      throws Exception {
    Map<String, String> documented = SettingsSource.readFile(Path.of("application.properties"));
    documented.put("serai.home", "."); // no setting: the launcher's, and a route's own place
    Map<String, String> said = new TreeMap<>();

    for (Path file : routes()) {
      Matcher found = PLACEHOLDER.matcher(Files.readString(file));
      while (found.find()) {
        said.put(found.group(1) + " in " + file, String.valueOf(found.group(2)));
      }
    }

    assertThat(said).containsKey("serai.housekeeping.cron in routes/housekeeping.camel.yaml");
    assertThat(said)
        .allSatisfy((where, value) -> {
          String key = where.substring(0, where.indexOf(' '));
          assertThat(value).as(where).isEqualTo(":" + documented.get(key));
        });
  }

  private static List<Path> routes() throws IOException {
    try (Stream<Path> own = Files.walk(Path.of("routes"));
        Stream<Path> providers = Files.walk(Path.of("providers"))) {
      return Stream.concat(own, providers).filter(f -> f.toString().endsWith(".yaml")).toList();
    }
  }
}

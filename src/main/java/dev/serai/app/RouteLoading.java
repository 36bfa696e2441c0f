package dev.serai.app;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.provider.ProviderProblem;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads route files one by one. A broken file of a provider or of an operator is refused alone:
 * nothing of it stays in the context, and the log, {@code /ready} and a metric say which file,
 * which line and why.
 */
final class RouteLoading {
  private static final Logger log = LoggerFactory.getLogger(RouteLoading.class);
  private static final Pattern LINE = Pattern.compile("line[: ]+(\\d+)", Pattern.CASE_INSENSITIVE);

  private static final Pattern WHERE = Pattern.compile(" in file:\\S+, line \\d+, column \\d+:?");

  private final ModelCamelContext context;
  private final Readiness readiness;
  private final Path home;
  private final Set<String> broken = new HashSet<>();

  RouteLoading(CamelContext context, Readiness readiness, Path home) {
    this.context = (ModelCamelContext) context;
    this.readiness = readiness;
    this.home = home;
  }

  /** A platform route that cannot be loaded stops the start: without it half the API is missing. */
  void platform(List<Path> files) {
    for (Path file : files) {
      try {
        load(file);
      } catch (Exception e) {
        throw new BrokenRoute(name(file), why(e), e);
      }
    }
  }

  /** Routes that an operator added: a broken file is refused alone, as a provider's is. */
  void added(List<Path> files) {
    files.forEach(this::loadOrRefuse);
  }

  /** Answers how many routes run now; broken files are refused and told. */
  int provider(Path folder) {
    int before = context.getRouteDefinitions().size();
    for (Path file : RouteFiles.of(folder)) {
      if (!loadOrRefuse(file)) {
        broken.add(folder.getFileName().toString());
      }
    }
    return context.getRouteDefinitions().size() - before;
  }

  private boolean loadOrRefuse(Path file) {
    try {
      load(file);
      readiness.accepted(name(file));
      return true;
    } catch (Exception e) {
      refuse(file, why(e));
      return false;
    }
  }

  /** Providers of which something was refused. */
  Set<String> broken() {
    return Set.copyOf(broken);
  }

  /** Tells of a provider that cannot be read; its routes are not loaded. */
  void refuse(ProviderProblem problem) {
    Path folder = problem.file().toAbsolutePath().getParent();
    if (folder != null) {
      broken.add(folder.getFileName().toString());
    }
    String line = problem.line() > 0 ? "line " + problem.line() + ": " : "";
    refuse(problem.file(), line + problem.message() + " → " + problem.remedy());
  }

  private void refuse(Path file, String why) {
    readiness.refused(name(file), why);
    log.error("Refused {}: {}. Mend the file; the rest runs without it", name(file), why);
  }

  private void load(Path file) throws Exception {
    List<RouteDefinition> before = List.copyOf(context.getRouteDefinitions());
    Resource resource =
        ResourceHelper.resolveMandatoryResource(context, "file:" + file.toAbsolutePath());
    refuseTakenIds(resource);
    try {
      PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    } catch (Exception e) {
      takeOut(before);
      throw e;
    }
  }

  /** Camel would put the new route in the place of the old one and say nothing. */
  private void refuseTakenIds(Resource resource) throws Exception {
    Set<String> taken = new HashSet<>();
    context.getRouteDefinitions().forEach(route -> taken.add(route.getRouteId()));
    for (RoutesBuilder builder :
        PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource))) {
      if (builder instanceof RouteBuilder routes) {
        for (RouteDefinition route : routes.configureRoutes(context).getRoutes()) {
          if (route.getId() != null && !taken.add(route.getId())) {
            throw new IllegalArgumentException(
                "the route id " + route.getId() + " exists already: choose another");
          }
        }
      }
    }
  }

  /** What a failed load left behind would start with the next one. */
  private void takeOut(List<RouteDefinition> before) {
    for (RouteDefinition route : List.copyOf(context.getRouteDefinitions())) {
      if (!before.contains(route)) {
        try {
          context.removeRouteDefinition(route);
        } catch (Exception e) {
          log.debug("Route {} was already gone", route.getRouteId(), e);
        }
      }
    }
  }

  private String name(Path file) {
    Path absolute = file.toAbsolutePath();
    return absolute.startsWith(home) ? home.relativize(absolute).toString() : absolute.toString();
  }

  /** The innermost message says what is wrong; an outer one may say where. */
  static String why(Throwable thrown) {
    String message = "";
    String line = "";
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      Matcher found = LINE.matcher(text);
      if (found.find()) {
        line = "line " + found.group(1) + ": ";
      }
      message = text.equals("null") ? t.getClass().getSimpleName() : text;
    }
    return line + WHERE.matcher(firstLines(message)).replaceAll("");
  }

  private static String firstLines(String message) {
    return String.join(
        " ", message.lines().map(String::strip).filter(line -> !line.isEmpty()).limit(2).toList());
  }

  /** A platform route file that cannot be loaded. */
  static final class BrokenRoute extends SeraiException {
    BrokenRoute(String file, String why, Throwable cause) {
      super("broken_route", Origin.OURS, file + ": " + why, cause);
    }
  }
}

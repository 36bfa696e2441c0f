package dev.serai.api.camel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the server answers by itself, before or instead of any route: in JSON like everything else.
 * Without it an unknown path is HTML, and a wrong method or a body that is too large is empty.
 */
public final class HttpEdge {
  private static final int BEFORE_EVERY_ROUTE = -1_000;
  private static final int AFTER_EVERY_ROUTE = 1_000_000;

  private HttpEdge() {}

  /** Installs the answers on the server's router; once, before or after the routes. */
  public static void install(Router router) {
    router
        .route()
        .method(HttpMethod.OPTIONS)
        .order(BEFORE_EVERY_ROUTE)
        .handler(HttpEdge::preflight);
    router
        .route()
        .order(AFTER_EVERY_ROUTE)
        .handler(context -> unmatched(context, methods(router, context.request().path())))
        .failureHandler(HttpEdge::failed);
  }

  private static void unmatched(RoutingContext context, Set<String> methods) {
    if (methods.isEmpty()) {
      refuse(context, 404, "not_found", "There is nothing at this path");
    } else {
      context.response().putHeader("Allow", String.join(", ", methods));
      refuse(context, 405, "method_not_allowed", "This path does not answer this method");
    }
  }

  /** The methods that the routes answer at this path. */
  private static Set<String> methods(Router router, @Nullable String path) {
    Set<String> methods = new TreeSet<>();
    for (Route route : router.getRoutes()) {
      if (route.getPath() != null && route.methods() != null && matches(route.getPath(), path)) {
        route.methods().forEach(method -> methods.add(method.name()));
      }
    }
    return methods;
  }

  /** {@code /connections/:id} against a path, a trailing slash aside. */
  private static boolean matches(String template, @Nullable String path) {
    String[] names = template.split("/");
    String[] values = path == null ? new String[0] : path.split("/");
    if (names.length != values.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!names[i].startsWith(":") && !names[i].equals(values[i])) {
        return false;
      }
    }
    return true;
  }

  private static void failed(RoutingContext context) {
    switch (context.statusCode()) {
      case 413 ->
          refuse(context, 413, "payload_too_large", "The body is larger than this server accepts");
      case 415 ->
          refuse(
              context, 415, "invalid_content_type", "Content-Type header must be application/json");
      case 400 -> refuse(context, 400, "bad_request", "The request is not valid HTTP");
      default -> refuse(context, 500, "generic_error_support", "An error occurred");
    }
  }

  private static void refuse(RoutingContext context, int status, String code, String message) {
    HttpServerResponse response = context.response();
    if (response.headWritten()) {
      response.close();
      return;
    }
    ObjectNode envelope = Json.object();
    envelope.putObject("error").put("code", code).put("message", message);
    Cors.HEADERS.forEach(response::putHeader);
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json; charset=utf-8")
        .end(Json.write(envelope));
  }

  private static void preflight(RoutingContext context) {
    HttpServerResponse response = context.response();
    Cors.HEADERS.forEach(response::putHeader);
    Cors.PREFLIGHT.forEach(response::putHeader);
    response.setStatusCode(204).end();
  }
}

package dev.serai.app;

import dev.serai.Json;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** What {@code routes/health.camel.yaml} answers with: alive, and ready or why not. */
final class Probes {
  static final String HEALTHY = "{\"result\":\"ok\"}";

  private Probes() {}

  static void bind(CamelContext context, Readiness readiness) {
    context.getRegistry().bind("health", (Processor) exchange -> answer(exchange, 200, HEALTHY));
    context
        .getRegistry()
        .bind(
            "readiness",
            (Processor)
                exchange ->
                    answer(
                        exchange, readiness.isReady() ? 200 : 503, Json.write(readiness.report())));
  }

  private static void answer(Exchange exchange, int status, String body) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(body);
  }
}

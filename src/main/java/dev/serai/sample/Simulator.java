package dev.serai.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.sample.oauth.Codes;
import dev.serai.sample.oauth.Grants;
import dev.serai.sample.oauth.MovableClock;
import dev.serai.sample.oauth.OAuthOptions;
import dev.serai.sample.oauth.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A simulated helpdesk on loopback with its own truth in memory: what a newcomer connects to first,
 * and what tests read from while things go wrong on demand. The same seed gives the same tickets
 * and the same misfortunes. {@link SimulatorControl} steers it, in this process or another.
 */
public final class Simulator implements AutoCloseable {
  static {
    // Without it the JDK's server holds every small answer back for 40 ms (Nagle); read only once.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  /**
   * @param port 0: any free one
   * @param apiKey what callers must send as {@code Authorization: Bearer}
   * @param controlToken what {@code /_control} wants in {@code X-Control-Token}
   * @param activity one change by itself in so much time; zero: nothing changes by itself
   * @param oauth the client that its OAuth server knows
   * @param webhook who is told of changes at first; null: nobody
   */
  public record Options(
      int port,
      long seed,
      int tickets,
      String apiKey,
      String controlToken,
      Duration activity,
      OAuthOptions oauth,
      @Nullable WebhookTarget webhook) {
    public static final Options TESTS =
        new Options(
            0, 42, 250, "sample-key", "sample-control", Duration.ZERO, OAuthOptions.TESTS, null);

    public Options withTickets(int changed) {
      return new Options(port, seed, changed, apiKey, controlToken, activity, oauth, webhook);
    }

    public Options withSeed(long changed) {
      return new Options(port, changed, tickets, apiKey, controlToken, activity, oauth, webhook);
    }

    public Options withPort(int changed) {
      return new Options(changed, seed, tickets, apiKey, controlToken, activity, oauth, webhook);
    }

    public Options withApiKey(String changed) {
      return new Options(port, seed, tickets, changed, controlToken, activity, oauth, webhook);
    }

    public Options withControlToken(String changed) {
      return new Options(port, seed, tickets, apiKey, changed, activity, oauth, webhook);
    }

    public Options withActivity(Duration changed) {
      return new Options(port, seed, tickets, apiKey, controlToken, changed, oauth, webhook);
    }

    public Options withOAuth(OAuthOptions changed) {
      return new Options(port, seed, tickets, apiKey, controlToken, activity, changed, webhook);
    }

    public Options withWebhook(WebhookTarget changed) {
      return new Options(port, seed, tickets, apiKey, controlToken, activity, oauth, changed);
    }

    /** As {@link #withOAuth}, changing only how its tokens live. */
    public Options withPolicy(Policy changed) {
      return withOAuth(oauth.withPolicy(changed));
    }

    @Override
    public String toString() {
      return "Options[port=%d, seed=%d, tickets=%d, activity=%s, oauth=%s]"
          .formatted(port, seed, tickets, activity, oauth);
    }
  }

  private final Options options;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final FaultyAnswer sender = new FaultyAnswer(closing);
  private final RequestLog log = new RequestLog();
  private final Truth truth;
  private final Grants grants;
  private final Faults faults;
  private final Changes changes;
  private final Helpdesk helpdesk;
  private final Webhooks webhooks;
  private final ControlApi control;

  private Simulator(Options options, InstantSource clock) throws IOException {
    this.options = options;
    this.webhooks = new Webhooks(clock, this::connected, Duration.ofMillis(200));
    webhooks.target(options.webhook());
    this.truth =
        new Truth(new SeedData(options.seed(), options.tickets()), clock, webhooks::changed);
    RateLimit rateLimit = new RateLimit(clock);
    MovableClock tokenClock = new MovableClock(clock);
    this.grants = new Grants(tokenClock, options.oauth());
    Codes codes = new Codes(tokenClock, grants, options.oauth());
    this.faults = new Faults(options.seed());
    this.changes = new Changes(truth, options.seed());
    this.helpdesk =
        new Helpdesk(
            options.apiKey(),
            new TicketApi(truth, () -> uri().toString()),
            new OAuthApi(options.oauth(), grants, codes),
            grants::caller,
            grants::giveUp,
            rateLimit);
    this.control =
        new ControlApi(
            truth,
            changes,
            faults,
            rateLimit,
            log,
            new OAuthControl(grants, codes, tokenClock),
            webhooks);
    this.server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 1024);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  /** Starts listening; the simulator owns its threads until {@link #close}. */
  public static Simulator start(Options options) throws IOException {
    return start(options, InstantSource.system());
  }

  /** As {@link #start(Options)}, with the time the helpdesk's people live in. */
  public static Simulator start(Options options, InstantSource clock) throws IOException {
    Simulator simulator = new Simulator(options, clock);
    simulator.server.start();
    simulator.threads.execute(simulator.webhooks::deliver);
    if (!options.activity().isZero()) {
      simulator.threads.execute(simulator::live);
    }
    return simulator;
  }

  /** Where it listens, without a trailing slash. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Steers this simulator. */
  public SimulatorControl control() {
    return new SimulatorControl(uri(), options.controlToken());
  }

  /** Whose tickets somebody looks after: without a connection nobody is told of anything. */
  private Set<String> connected() {
    Set<String> accounts = grants.accounts();
    if (helpdesk.keyUsed()) {
      accounts.add(truth.users().getFirst().path("id").asText());
    }
    return accounts;
  }

  private void live() {
    try {
      while (!closing.await(options.activity().toMillis(), TimeUnit.MILLISECONDS)) {
        changes.live();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    Request request = Request.of(exchange);
    if (request.path().startsWith(ControlApi.PREFIX)) {
      sender.send(exchange, controlled(request), Fault.NONE);
      return;
    }
    Request suffering = request.suffering(faults.next(request.path()));
    if (sender.withheld(exchange, suffering.fault())) {
      log.add(suffering, 0);
      return;
    }
    Answer answer = helpdesk.answer(suffering);
    log.add(suffering, answer.status());
    if (TicketApi.isList(request)) {
      changes.listed(); // before the answer leaves: the next request already meets the change
    }
    sender.send(exchange, answer, suffering.fault());
  }

  private Answer controlled(Request request) {
    byte[] wanted = options.controlToken().getBytes(StandardCharsets.UTF_8);
    String given = request.headers().getOrDefault(ControlApi.HEADER, "");
    if (!MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), wanted)) {
      return Answer.empty(403);
    }
    try {
      return control.answer(request);
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  /** Stops at once; open answers are cut off. */
  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  /**
   * Runs a simulator as a process of its own; its first line of output is {@code port <number>}.
   * Options: {@code --port --seed --tickets --key --control-token --activity} (e.g. {@code PT5S}),
   * {@code --client-secret --access-life --grace --idle --states-expiry}. Ends when its standard
   * input does, so that it never outlives whoever started it.
   */
  public static void main(String[] arguments) throws Exception {
    try (Simulator simulator = start(SimulatorArguments.parse(arguments))) {
      System.out.println("port " + simulator.server.getAddress().getPort());
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}

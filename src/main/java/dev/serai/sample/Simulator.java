package dev.serai.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

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
   */
  public record Options(
      int port, long seed, int tickets, String apiKey, String controlToken, Duration activity) {
    public static final Options TESTS =
        new Options(0, 42, 250, "sample-key", "sample-control", Duration.ZERO);

    public Options withTickets(int changed) {
      return new Options(port, seed, changed, apiKey, controlToken, activity);
    }

    public Options withSeed(long changed) {
      return new Options(port, changed, tickets, apiKey, controlToken, activity);
    }

    public Options withPort(int changed) {
      return new Options(changed, seed, tickets, apiKey, controlToken, activity);
    }

    public Options withActivity(Duration changed) {
      return new Options(port, seed, tickets, apiKey, controlToken, changed);
    }
  }

  private final Options options;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final FaultyAnswer sender = new FaultyAnswer(closing);
  private final RequestLog log = new RequestLog();
  private final RateLimit rateLimit;
  private final Faults faults;
  private final Changes changes;
  private final TicketApi api;
  private final ControlApi control;

  private Simulator(Options options, InstantSource clock) throws IOException {
    this.options = options;
    Truth truth = new Truth(new SeedData(options.seed(), options.tickets()), clock);
    this.rateLimit = new RateLimit(clock);
    this.faults = new Faults(options.seed());
    this.changes = new Changes(truth, options.seed());
    this.api = new TicketApi(truth, () -> uri().toString());
    this.control = new ControlApi(truth, changes, faults, rateLimit, log);
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
      boolean allowed = same(exchange, ControlApi.HEADER, options.controlToken());
      sender.send(exchange, allowed ? refusable(request, true) : Answer.empty(403), Fault.NONE);
      return;
    }
    Request suffering = request.suffering(faults.next(request.path()));
    Answer answer = answer(exchange, suffering);
    log.add(suffering, answer.status());
    if (TicketApi.isList(request)) {
      changes.listed(); // before the answer leaves: the next request already meets the change
    }
    sender.send(exchange, answer, suffering.fault());
  }

  private Answer answer(HttpExchange exchange, Request request) {
    Fault fault = request.fault();
    if (fault.is(Fault.Kind.STATUS)) {
      return Answer.error(fault.option("status", 500), "simulated", "an error on demand");
    }
    if (!same(exchange, "Authorization", "Bearer " + options.apiKey())) {
      return Answer.error(401, "unauthorized", "send the API key as a bearer token");
    }
    long wait =
        fault.is(Fault.Kind.RATE_LIMITED)
            ? fault.option("retry_after", 1)
            : rateLimit.secondsToWait();
    if (wait > 0 || fault.is(Fault.Kind.RATE_LIMITED)) {
      return Answer.error(429, "too_many_requests", "slow down")
          .with("Retry-After", Long.toString(wait));
    }
    Answer answer = refusable(request, false);
    return fault.is(Fault.Kind.STATUS_AFTER)
        ? Answer.error(fault.option("status", 500), "simulated", "an error after the fact")
        : answer;
  }

  private Answer refusable(Request request, boolean controlling) {
    try {
      return controlling ? control.answer(request) : api.answer(request);
    } catch (Refusal refusal) {
      return refusal.answer();
    }
  }

  private static boolean same(HttpExchange exchange, String header, String wanted) {
    String given = exchange.getRequestHeaders().getFirst(header);
    return given != null
        && MessageDigest.isEqual(
            given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
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
   * Options: {@code --port --seed --tickets --key --control-token --activity} (e.g. {@code PT5S}).
   * Ends when its standard input does, so that it never outlives whoever started it.
   */
  public static void main(String[] arguments) throws Exception {
    try (Simulator simulator = start(SimulatorArguments.parse(arguments))) {
      System.out.println("port " + simulator.server.getAddress().getPort());
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}

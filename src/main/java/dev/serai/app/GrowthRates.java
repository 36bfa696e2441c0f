package dev.serai.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Records per second of a collection at the size it has; each figure the median of three. */
final class GrowthRates {
  private static final int REPETITIONS = 3;

  private final RecordBenchWorld world;
  private final long connection;
  private final GrowthBench.Plan plan;
  private final Random random = new Random(7);
  private int strangers;

  GrowthRates(RecordBenchWorld world, long connection, GrowthBench.Plan plan) {
    this.world = world;
    this.connection = connection;
    this.plan = plan;
  }

  /** In a collection of its own. */
  void warmUp() throws SQLException, InterruptedException, ExecutionException {
    long other = world.store.connect("warm", 1)[0];
    List<JsonNode> records = existing(i -> i);
    rate(other, records, true);
    rate(other, records, false);
  }

  /**
   * @param size how many rows there are, numbered from 0
   * @return by kind of work
   */
  Map<String, Double> at(int size, Consumer<String> tell)
      throws SQLException, InterruptedException, ExecutionException {
    world.store.settle();
    int spread = size / plan.measured();
    Map<String, Double> rates = new LinkedHashMap<>();
    // A page of neighbours, then one further on: a sync that reads everything, cut short.
    rates.put(
        "unchanged",
        median(
            repetition ->
                existing(i -> {
                  int page = i / plan.batch();
                  return ((page * spread + repetition) * plan.batch() + i % plan.batch()) % size;
                }),
            false));
    rates.put(
        "unchanged, random", median(repetition -> existing(i -> random.nextInt(size)), false));
    rates.put(
        "new, ascending ids",
        median(repetition -> existing(i -> size + repetition * plan.measured() + i), true));
    rates.put("new, random ids", median(repetition -> strangers(size), true));
    rates.forEach(
        (work, rate) -> tell.accept("growth, %s: %,.0f/s at %,d rows".formatted(work, rate, size)));
    return rates;
  }

  private double median(IntFunction<List<JsonNode>> records, boolean added)
      throws SQLException, InterruptedException, ExecutionException {
    List<Double> rates = new ArrayList<>();
    for (int repetition = 0; repetition < REPETITIONS; repetition++) {
      List<JsonNode> made = records.apply(repetition);
      world.store.checkpoint();
      rates.add(rate(connection, made, added));
    }
    return RecordBenchReport.median(rates);
  }

  private double rate(long to, List<JsonNode> records, boolean added)
      throws InterruptedException, ExecutionException {
    PagePipeline.Took took = world.pipeline.write(to, PagePipeline.pages(records, plan.batch()));
    long done = added ? took.counts().added() : took.counts().unchanged();
    // Of an id that was drawn twice for one page, the page keeps one.
    if (done + took.counts().duplicates() != records.size()) {
      throw new BenchUnusable("something else was written: " + took.counts());
    }
    return took.perSecond(records.size());
  }

  private List<JsonNode> existing(java.util.function.IntUnaryOperator number) {
    return IntStream.range(0, plan.measured())
        .mapToObj(i -> (JsonNode) BenchTickets.ticket(number.applyAsInt(i), 0))
        .toList();
  }

  /** Records nobody has seen, whose ids lie anywhere between those that are there. */
  private List<JsonNode> strangers(int size) {
    int generation = ++strangers;
    return IntStream.range(0, plan.measured())
        .mapToObj(i -> {
          ObjectNode ticket = BenchTickets.ticket(random.nextInt(size), 0);
          return (JsonNode)
              ticket.put("id", ticket.get("id").asText() + "-" + generation + "-" + i);
        })
        .toList();
  }
}

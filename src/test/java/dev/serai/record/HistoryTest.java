package dev.serai.record;

import dev.serai.record.RecordWriter.Writer;
import dev.serai.record.Step.Content;
import dev.serai.record.Step.Fate;
import dev.serai.record.Step.Mention;
import dev.serai.record.Step.Word;
import dev.serai.support.TestDatabase;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random histories against a model of the truth. A counter-example shrinks to the few steps that
 * matter. {@code -Djqwik.tries.default=5000} for more of them than a build runs.
 */
class HistoryTest {
  private static final TestDatabase POSTGRES = new TestDatabase();
  private static final AtomicLong HISTORIES = new AtomicLong();
  private static final AtomicLong STEPS = new AtomicLong();
  private static TestKeys keys;
  private static long started;

  @BeforeContainer
  static void open() {
    POSTGRES.beforeAll(null);
    POSTGRES.beforeEach(null);
    keys = TestKeys.of(POSTGRES.database(), true);
    started = System.nanoTime();
  }

  @AfterContainer
  static void close() {
    System.out.printf(
        "histories: %d of %d steps ended as the model says, in %d s%n",
        HISTORIES.get(), STEPS.get(), (System.nanoTime() - started) / 1_000_000_000);
    POSTGRES.afterAll(null);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void every_history_ends_as_the_model_says(@ForAll("histories") List<Step> steps)
      throws Exception {
    live(steps);
  }

  @Property(tries = 10_000, edgeCases = EdgeCasesMode.NONE)
  @Tag("full")
  void ten_thousand_histories_end_as_the_model_says(@ForAll("histories") List<Step> steps)
      throws Exception {
    live(steps);
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void so_do_those_in_which_rules_and_sealing_change(@ForAll("turning") List<Step> steps)
      throws Exception {
    live(steps);
  }

  @Property(tries = 5_000, edgeCases = EdgeCasesMode.NONE)
  @Tag("full")
  void so_do_five_thousand_in_which_rules_and_sealing_change(@ForAll("turning") List<Step> steps)
      throws Exception {
    live(steps);
  }

  private static void live(List<Step> steps) throws Exception {
    long connection =
        TestKeys.connection(POSTGRES.database(), "history " + HISTORIES.incrementAndGet());
    new HistoryWorld(POSTGRES.database(), keys, connection).live(steps);
    STEPS.addAndGet(steps.size());
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return steps(contents(0)).list().ofMinSize(1).ofMaxSize(12);
  }

  /** Rules and sealing are said first, and changed in the middle. */
  @Provide
  Arbitrary<List<Step>> turning() {
    Arbitrary<Step> turns =
        Combinators.combine(Arbitraries.of(Step.Rules.class), Arbitraries.of(true, false))
            .as(Step.Turn::new);
    return Arbitraries.frequencyOf(Tuple.of(1, turns), Tuple.of(5, steps(contents(1))))
        .list()
        .ofMinSize(1)
        .ofMaxSize(14);
  }

  private static Arbitrary<Step> steps(Arbitrary<Content> contents) {
    return Arbitraries.frequencyOf(
        Tuple.of(8, writes(contents)),
        Tuple.of(1, missed()),
        Tuple.of(1, Arbitraries.just(new Step.Announce())),
        Tuple.of(2, follows()),
        Tuple.of(1, Combinators.combine(readers(), limits()).as(Step.Prune::new)),
        Tuple.of(1, streams().map(Step.Empty::new)));
  }

  private static Arbitrary<Content> contents(int most) {
    Arbitrary<Integer> others = Arbitraries.integers().between(0, most);
    return Combinators.combine(Arbitraries.integers().between(1, 3 - most), others, others)
        .as(Content::new);
  }

  private static Arbitrary<Step> writes(Arbitrary<Content> contents) {
    Arbitrary<Writer> writers =
        Arbitraries.frequency(
            Tuple.of(4, Writer.PAGE), Tuple.of(1, Writer.ACTION), Tuple.of(1, Writer.WEBHOOK));
    Arbitrary<Fate> fates =
        Arbitraries.frequency(
            Tuple.of(5, Fate.COMMITTED),
            Tuple.of(1, Fate.ROLLED_BACK_FIRST),
            Tuple.of(1, Fate.ANSWER_LOST));
    Arbitrary<List<Mention>> mentions = mentions(contents).list().ofMinSize(1).ofMaxSize(7);
    return Combinators.combine(writers, streams(), steps(), mentions, fates).as(Step.Write::new);
  }

  private static Arbitrary<Mention> mentions(Arbitrary<Content> contents) {
    Arbitrary<Word> words =
        Arbitraries.frequency(
            Tuple.of(9, Word.SAVE), Tuple.of(3, Word.DELETE), Tuple.of(1, Word.BREAK));
    return Combinators.combine(words, ids(), contents, spellings()).as(Mention::new);
  }

  private static Arbitrary<Step> missed() {
    return Combinators.combine(ids().list().ofMinSize(1).ofMaxSize(4), steps())
        .as(Step.Missed::new);
  }

  private static Arbitrary<Step> follows() {
    return Combinators.combine(readers(), limits(), limits()).as(Step.Follow::new);
  }

  private static Arbitrary<Integer> ids() {
    return Arbitraries.integers().between(1, 6);
  }

  private static Arbitrary<Integer> spellings() {
    return Arbitraries.integers().between(0, 59);
  }

  private static Arbitrary<Integer> steps() {
    return Arbitraries.integers().between(0, 3);
  }

  private static Arbitrary<Integer> readers() {
    return Arbitraries.integers().between(0, 1);
  }

  private static Arbitrary<Integer> limits() {
    return Arbitraries.integers().between(1, 4);
  }

  private static Arbitrary<String> streams() {
    return Arbitraries.frequency(Tuple.of(3, "things"), Tuple.of(1, "others"));
  }
}

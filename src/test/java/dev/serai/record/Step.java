package dev.serai.record;

import dev.serai.record.RecordWriter.Writer;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One thing that happens to a collection in a random history; its text is what a person reads. */
sealed interface Step {
  /** How a page's transaction ends. */
  enum Fate {
    COMMITTED,
    /** The process dies before the commit; the page is read again. */
    ROLLED_BACK_FIRST,
    /** It commits, nobody hears of it, and it is tried again. */
    ANSWER_LOST
  }

  /** What a page says of one id. */
  enum Word {
    SAVE,
    DELETE,
    /** A record that jsonb refuses. */
    BREAK
  }

  /**
   * What a record says besides its id.
   *
   * @param side outside the watched fields, where some are
   * @param noise in an ignored field, where one is
   */
  record Content(int n, int side, int noise) {
    @Override
    public String toString() {
      return "%d,%d,%d".formatted(n, side, noise);
    }
  }

  /**
   * @param content of no meaning unless it is saved
   * @param spelling picks key order, the number's form and whether the id is text
   */
  record Mention(Word word, int id, Content content, int spelling) {
    @Override
    public String toString() {
      return switch (word) {
        case SAVE -> "save %d=(%s)".formatted(id, content);
        case DELETE -> "delete %d".formatted(id);
        case BREAK -> "break %d".formatted(id);
      };
    }
  }

  /**
   * @param stream of a page; webhooks and actions have none
   * @param ago how many steps before this one the page was asked for
   */
  record Write(Writer writer, String stream, int ago, List<Mention> mentions, Fate fate)
      implements Step {
    @Override
    public String toString() {
      String who = writer == Writer.PAGE ? "page of " + stream : writer.toString().toLowerCase();
      String what = mentions.stream().map(Mention::toString).collect(Collectors.joining(", "));
      return "%s asked for %d steps before (%s): %s".formatted(who, ago, fate, what);
    }
  }

  /** A proven full read that began some steps before missed these ids. */
  record Missed(List<Integer> ids, int ago) implements Step {}

  record Announce() implements Step {}

  /** A backend follows its cursor for some listings, not always to the end. */
  record Follow(int reader, int limit, int listings) implements Step {}

  /** Payloads go up to where a backend has read. */
  record Prune(int reader, int limit) implements Step {}

  /** What operators and integrators may say of the model, and change their minds about. */
  enum Rules {
    NONE(List.of(), List.of(), false),
    NOISE_IGNORED(List.of("noise"), List.of(), false),
    WATCHED_WITH_HISTORY(List.of(), List.of("n"), true),
    EVERYTHING(List.of("noise"), List.of("n"), true);

    final ModelPolicy policy;

    Rules(List<String> ignored, List<String> watched, boolean history) {
      policy =
          new ModelPolicy(
              new TreeSet<>(ignored),
              new TreeSet<>(watched),
              history ? Duration.ofDays(1) : null,
              null,
              null);
    }

    boolean ignores() {
      return !policy.ignored().isEmpty();
    }

    boolean watches() {
      return !policy.watched().isEmpty();
    }
  }

  /** From here on other rules hold, and payloads are sealed or are not. */
  record Turn(Rules rules, boolean sealed) implements Step {}

  /** Everything a stream owns is removed, to be read anew. */
  record Empty(String stream) implements Step {}
}

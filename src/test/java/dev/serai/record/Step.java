package dev.serai.record;

import dev.serai.record.RecordWriter.Writer;
import java.util.List;
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
   * @param content its number; of no meaning unless it is saved
   * @param spelling picks key order, the number's form and whether the id is text
   */
  record Mention(Word word, int id, int content, int spelling) {
    @Override
    public String toString() {
      return switch (word) {
        case SAVE -> "save %d=%d".formatted(id, content);
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

  /** Everything a stream owns is removed, to be read anew. */
  record Empty(String stream) implements Step {}
}

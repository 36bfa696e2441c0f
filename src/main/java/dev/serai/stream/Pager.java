package dev.serai.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.http.Headers;
import dev.serai.http.OutgoingUri;
import dev.serai.provider.Jslt;
import dev.serai.provider.Pagination;
import dev.serai.provider.Pagination.Stop;
import dev.serai.stream.StreamException.ErrorClass;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Moves the progress on to the next request, or finds that the list has ended. */
final class Pager {
  private static final int EMPTY_PAGES = 100;
  private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
  private static final Pattern REL =
      Pattern.compile(";\\s*rel\\s*=\\s*\"?([^\";,]+)\"?", Pattern.CASE_INSENSITIVE);

  private final Pagination pagination;
  private final Answers answers;
  private final Reanchor reanchor;

  Pager(Pagination pagination, Answers answers, Reanchor reanchor) {
    this.pagination = pagination;
    this.answers = answers;
    this.reanchor = reanchor;
  }

  /**
   * One answer, as far as paging looks at it.
   *
   * @param answered rows in the answer
   * @param rows of these, the ones that were not asked for again on purpose
   * @param offset as it was sent
   * @param url of the request, for relative links
   */
  record Seen(
      JsonNode body, Headers headers, int answered, JsonNode rows, long offset, String url) {
    int fresh() {
      return rows.size();
    }
  }

  static long first(Pagination pagination) {
    return switch (pagination) {
      case Pagination.Page page -> page.start();
      case Pagination.Offset offset -> offset.start();
      default -> 0;
    };
  }

  /** False: that was the last page. */
  boolean advance(Progress progress, Seen seen) {
    progress.pages++;
    progress.rows += seen.fresh();
    progress.emptyPages = seen.fresh() == 0 ? progress.emptyPages + 1 : 0;
    String before = progress.request();
    long passed = passed(progress, seen);
    if (!next(progress, seen, passed) || stopped(seen, progress, passed)) {
      return false;
    }
    if (seen.fresh() == 0 && before.equals(progress.request()) && !saysMore(seen, passed)) {
      return false;
    }
    if (progress.emptyPages > EMPTY_PAGES) {
      throw answers.exception(
          "endless_pages", ErrorClass.PROVIDER, EMPTY_PAGES + " empty pages in a row");
    }
    if (before.equals(progress.request()) || progress.guard.repeats(progress.request())) {
      throw answers.exception(
          "repeated_cursor",
          ErrorClass.PROVIDER,
          "the provider points to a page that was read already (page %,d)"
              .formatted(progress.pages));
    }
    return true;
  }

  private boolean next(Progress progress, Seen seen, long passed) {
    return switch (pagination) {
      case Pagination.None none -> false;
      case Pagination.Page page -> {
        if (!reanchor.on(progress) || !reanchor.page(progress, page, seen.rows())) {
          progress.number++;
        }
        yield true;
      }
      case Pagination.Offset offset -> {
        if (!reanchor.on(progress) || !reanchor.offset(progress, offset, seen.rows())) {
          int size = offset.sizing().size();
          boolean bySize = offset.byPageSize() || (seen.fresh() == 0 && saysMore(seen, passed));
          progress.number += bySize && size > 0 ? size : seen.fresh();
        }
        yield true;
      }
      case Pagination.Cursor cursor -> token(progress, cursorOf(cursor, seen));
      case Pagination.Keyset keyset -> {
        int rows = seen.rows().size();
        yield rows > 0 && token(progress, apply(keyset.field(), seen.rows().get(rows - 1)));
      }
      case Pagination.Link link -> link(progress, linkOf(link, seen), seen.url());
    };
  }

  private boolean stopped(Seen seen, Progress progress, long passed) {
    Stop stop = pagination.stop();
    if (stop.when() != null && holds(stop.when(), seen.body())) {
      return true;
    }
    if (stop.hasMore() != null && !holds(stop.hasMore(), seen.body())) {
      return true;
    }
    if (stop.onShortPage() && seen.answered() < pagination.sizing().size()) {
      return true;
    }
    if (stop.maxPages() > 0 && progress.pages >= stop.maxPages()) {
      return true;
    }
    long total = total(seen);
    if (total >= 0 && passed >= total) {
      return true;
    }
    Boolean onEmpty = stop.onEmptyPage();
    return seen.fresh() == 0 && (onEmpty == null ? !saysMore(seen, passed) : onEmpty);
  }

  /** Whether the answer itself says that more rows follow, although this page had none. */
  private boolean saysMore(Seen seen, long passed) {
    Stop stop = pagination.stop();
    return switch (pagination) {
      case Pagination.Cursor cursor -> true; // reached only with a next token in hand
      case Pagination.Link link -> true;
      case Pagination.Page page -> says(stop, seen) || passed < total(seen);
      case Pagination.Offset offset -> says(stop, seen) || passed < total(seen);
      case Pagination.Keyset keyset -> false;
      case Pagination.None none -> false;
    };
  }

  private boolean says(Stop stop, Seen seen) {
    return stop.hasMore() != null && holds(stop.hasMore(), seen.body());
  }

  /**
   * How many places of the list as asked for now have gone by. Behind an empty page those of a page
   * are counted by its number: its rows were hidden after limiting.
   */
  private long passed(Progress progress, Seen seen) {
    return switch (pagination) {
      case Pagination.Offset offset -> seen.offset() - offset.start() + seen.answered();
      case Pagination.Page page when seen.fresh() == 0 ->
          (progress.number - page.start() + 1) * page.sizing().size();
      default -> progress.rows;
    };
  }

  private long total(Seen seen) {
    Jslt path = pagination.stop().total();
    JsonNode total = path == null ? null : apply(path, seen.body());
    return total != null && total.isNumber() ? total.asLong() : -1;
  }

  private static boolean token(Progress progress, JsonNode token) {
    boolean end =
        token.isNull()
            || token.isMissingNode()
            || token.isBoolean()
            || (token.isTextual() && token.textValue().isEmpty());
    progress.token = token;
    return !end;
  }

  private JsonNode cursorOf(Pagination.Cursor cursor, Seen seen) {
    Jslt path = cursor.path();
    if (path != null) {
      return apply(path, seen.body());
    }
    return seen.headers()
        .first(String.valueOf(cursor.header()))
        .<JsonNode>map(TextNode::valueOf)
        .orElse(NullNode.instance);
  }

  private @Nullable String linkOf(Pagination.Link link, Seen seen) {
    Jslt path = link.path();
    if (path != null) {
      JsonNode url = apply(path, seen.body());
      return url.isTextual() && !url.textValue().isBlank() ? url.textValue().strip() : null;
    }
    for (String header : seen.headers().all(String.valueOf(link.header()))) {
      Matcher links = LINK.matcher(header);
      while (links.find()) {
        Matcher rel = REL.matcher(links.group(2));
        if (rel.find() && List.of(rel.group(1).split(" ")).contains(link.rel())) {
          return links.group(1);
        }
      }
    }
    return null;
  }

  private boolean link(Progress progress, @Nullable String link, String base) {
    if (link == null) {
      return false;
    }
    try {
      progress.url =
          link.matches("(?i)https?://.*")
              ? OutgoingUri.parse(link).toString()
              : URI.create(base).resolve(URI.create(OutgoingUri.encodeIllegal(link))).toString();
      return true;
    } catch (IllegalArgumentException e) {
      throw answers.exception(
          "invalid_link", ErrorClass.PROVIDER, "the link to the next page is no URL");
    }
  }

  private boolean holds(Jslt expression, JsonNode body) {
    return answers.evaluate(expression, () -> expression.holds(body));
  }

  private JsonNode apply(Jslt expression, JsonNode input) {
    return answers.evaluate(expression, () -> expression.apply(input));
  }
}

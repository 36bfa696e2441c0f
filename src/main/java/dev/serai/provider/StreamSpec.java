package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One list of a provider, as declared under {@code streams:}. Immutable.
 *
 * @param recordsPath null: the body is the list
 * @param incremental null: every read is a full read
 */
public record StreamSpec(
    String name,
    Request request,
    @Nullable Jslt recordsPath,
    @Nullable Jslt filter,
    List<String> primaryKey,
    Pagination pagination,
    @Nullable Incremental incremental,
    int fullEveryRuns,
    Duration fullEvery,
    Deletes deletes,
    double maxDeleteRatio,
    int batchSize,
    List<ErrorRule> onError) {

  /** The request for one page; templates are filled from the connection's configuration. */
  public record Request(
      String method,
      Template path,
      Map<String, Template> query,
      Map<String, Template> headers,
      @Nullable JsonNode body) {}

  /** A place in a request. */
  public record Into(Place place, String name, @Nullable Template template) {
    public enum Place {
      QUERY,
      HEADER,
      BODY,
      PATH
    }

    public String text(String value) {
      return template == null ? value : template.fill(name -> value);
    }
  }

  public enum Order {
    ASC,
    DESC,
    NONE
  }

  public enum MissingCursor {
    FAIL,
    INCLUDE,
    SKIP
  }

  /**
   * @param startInto null only with {@code clientSide}
   * @param overlap in the cursor's unit: seconds, or the number itself
   */
  public record Incremental(
      Jslt cursorField,
      CursorFormat format,
      @Nullable BigDecimal start,
      BigDecimal overlap,
      BigDecimal settle,
      @Nullable Into startInto,
      @Nullable Into endInto,
      Order order,
      boolean clientSide,
      MissingCursor onMissing) {}

  /** How deletions show. */
  public sealed interface Deletes {
    record None() implements Deletes {}

    record Field(Jslt path, @Nullable JsonNode value) implements Deletes {
      public boolean marks(JsonNode row) {
        return value == null ? path.holds(row) : path.apply(row).equals(value);
      }
    }

    record FullDiff() implements Deletes {}

    record Verify(String path, Set<Integer> gone) implements Deletes {}
  }

  /** An answer that means something of its own; absent conditions hold. */
  public record ErrorRule(
      Set<Integer> statuses,
      @Nullable String bodyContains,
      @Nullable Jslt expression,
      Do action,
      String errorClass,
      String message) {
    public enum Do {
      FAIL,
      RETRY,
      END_STREAM,
      RESTART_PAGINATION
    }
  }

  /**
   * The id of a record: its primary key's parts as text, joined by {@code :}. Null when one is
   * missing.
   */
  public @Nullable String id(JsonNode row) {
    if (primaryKey.stream()
        .anyMatch(key -> row.path(key).isMissingNode() || row.path(key).isNull())) {
      return null;
    }
    return primaryKey.stream().map(key -> row.path(key).asText()).collect(Collectors.joining(":"));
  }
}

package dev.serai.connection.connect;

import dev.serai.Origin;
import dev.serai.SeraiException;
import dev.serai.connection.ConnectionConfigCheck.Problem;
import dev.serai.connection.Quoting;
import dev.serai.connection.Verification.Outcome;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is not made, with the contract's code. Where it was tried and no answer came,
 * the cause says why.
 */
public final class ConnectRefused extends SeraiException implements Quoting {
  private static final long serialVersionUID = 1L;
  private static final String TEST = "connection_test_failed";

  private final @Nullable String said;
  private final transient List<Problem> problems;

  public ConnectRefused(String code, String message) {
    this(code, message, null, List.of());
  }

  private ConnectRefused(
      String code, String message, @Nullable String said, List<Problem> problems) {
    super(code, Origin.CALLER, message);
    this.said = said;
    this.problems = problems;
  }

  private ConnectRefused(String code, SeraiException cause) {
    super(code, Origin.CALLER, String.valueOf(cause.getMessage()), cause);
    this.said = null;
    this.problems = List.of();
  }

  /** The configuration is not what it must look like. */
  static ConnectRefused configuration(List<Problem> problems) {
    String message = problems.stream().map(Problem::message).collect(Collectors.joining("; "));
    return new ConnectRefused("connection_validation_failed", message, null, problems);
  }

  /** The provider was asked whether it takes the credentials, and it does not. */
  static ConnectRefused tried(Outcome.Refused refused) {
    return new ConnectRefused(TEST, refused.message(), refused.said(), List.of());
  }

  /** The provider was asked, and no answer came. */
  static ConnectRefused unanswered(SeraiException why) {
    return new ConnectRefused(TEST, why);
  }

  @Override
  public @Nullable String said() {
    return said;
  }

  /** The fields of the configuration that are wrong, if it was that. */
  public List<Problem> problems() {
    return problems;
  }
}

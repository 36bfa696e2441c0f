package dev.serai.connection.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.support.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When the sockets of a node are told what became of flows. */
class FlowResultsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private final List<UUID> told = new ArrayList<>();

  private FlowResults results() {
    FlowResults results = new FlowResults(postgres.database());
    results.tell((socket, frame) -> told.add(socket));
    return results;
  }

  @Test
  void nobody_is_told_before_the_flows_transaction_has_committed() {
    FlowResults results = results();
    UUID socket = results.open();

    postgres
        .database()
        .useTransaction(handle -> {
          results.publish(handle, socket, FlowResults.success("desk", "c-1", false));
          assertThat(told).isEmpty();
        });

    assertThat(told).containsExactly(socket);
    assertThat(results.read(Set.of(socket))).containsKey(socket);
  }

  @Test
  void nobody_is_told_of_a_transaction_that_was_rolled_back() {
    FlowResults results = results();
    UUID socket = results.open();

    assertThatThrownBy(() ->
            postgres
                .database()
                .useTransaction(handle -> {
                  results.publish(handle, socket, FlowResults.success("desk", "c-1", false));
                  throw new IllegalStateException("the connection cannot be stored");
                }))
        .isInstanceOf(IllegalStateException.class);

    assertThat(told).isEmpty();
    results.publish(socket, FlowResults.error("desk", "c-1", "unknown_err", "not stored"));
    assertThat(told).containsExactly(socket);
  }

  @Test
  void what_is_said_first_is_told_and_nothing_later() {
    FlowResults results = results();
    UUID socket = results.open();

    results.publish(socket, FlowResults.success("desk", "c-1", false));
    results.publish(socket, FlowResults.error("desk", "c-1", "unknown_err", "late"));
    results.publish(UUID.randomUUID(), FlowResults.success("desk", "c-2", false));

    assertThat(told).containsExactly(socket);
  }
}

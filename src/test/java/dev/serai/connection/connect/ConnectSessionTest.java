package dev.serai.connection.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectSessionTest {
  /**
   * The mailed link takes the same account whatever anybody says; else the backend's word binds,
   * and where it said nothing the customer is asked.
   */
  @ParameterizedTest
  @CsvSource({
    "mailed, , false, false, false",
    "mailed, true, false, false, false",
    "asked for, , true, false, true",
    "asked for, false, false, false, false",
    "asked for, true, false, true, true"
  })
  void who_decides_whether_a_reconnect_may_bring_another_account(
      String link, Boolean said, boolean isAsked, boolean unconfirmed, boolean confirmed) {
    ObjectNode terms = Json.object();
    if (said != null) {
      terms.put("confirm_account_change", said);
    }
    ConnectSession session =
        new ConnectSession(
            UUID.randomUUID(),
            1,
            "dev",
            List.of("desk"),
            7L,
            link.equals("mailed"),
            Set.of(),
            new SessionTerms(terms),
            Instant.EPOCH);

    assertThat(session.accountIsAskedFor()).isEqualTo(isAsked);
    assertThat(session.accountMayChange(false)).isEqualTo(unconfirmed);
    assertThat(session.accountMayChange(true)).isEqualTo(confirmed);
  }
}

package dev.serai.record;

import static dev.serai.record.Records.delete;
import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.record.Announcements.Unannounced;
import dev.serai.support.TestDatabase;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AnnouncementsTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private Records records;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
  }

  @Test
  void everything_since_the_last_announcement_is_counted_once_and_then_no_more() {
    records.page(save("Thing", "{\"id\":1}", "{\"id\":2}", "{\"id\":3}"));
    OffsetDateTime oldest =
        records.one("select min(last_modified_at) from record", OffsetDateTime.class);
    records.page(save("Thing", "{\"id\":4}"), save("Ticket", "{\"id\":1,\"title\":\"t\"}"));

    List<Unannounced> taken = take();

    assertThat(taken).extracting(Unannounced::model).containsExactly("Thing", "Ticket");
    assertThat(taken).extracting(Unannounced::added).containsExactly(4L, 1L);
    assertThat(taken.getFirst().modifiedAfter())
        .isEqualTo(oldest.toInstant().truncatedTo(ChronoUnit.MILLIS));
    assertThat(take()).isEmpty();
  }

  @Test
  void a_row_added_and_then_changed_before_anyone_was_told_is_added() {
    records.page(save("Thing", "{\"id\":1}", "{\"id\":2}", "{\"id\":3}"));
    take();
    records.page(save("Thing", "{\"id\":4}", "{\"id\":1,\"v\":2}"), delete("Thing", "2", "3"));
    records.page(save("Thing", "{\"id\":4,\"v\":2}", "{\"id\":1,\"v\":3}", "{\"id\":3}"));
    records.page(save("Thing", "{\"id\":3,\"v\":2}"));

    Unannounced taken = take().getFirst();

    assertThat(taken.added()).as("4 is new, 3 came back").isEqualTo(2);
    assertThat(taken.updated()).as("1").isEqualTo(1);
    assertThat(taken.deleted()).as("2").isEqualTo(1);
  }

  @Test
  void an_announcement_that_is_rolled_back_is_made_again() {
    records.page(save("Thing", "{\"id\":1}"));
    try {
      postgres
          .database()
          .useTransaction(tx -> {
            new Announcements().take(tx, ids());
            throw new IllegalStateException("the process dies here");
          });
    } catch (IllegalStateException expected) {
      assertThat(take()).hasSize(1);
    }
  }

  @Test
  void a_collection_without_news_is_not_touched() {
    records.page(save("Thing", "{\"id\":1}"));
    take();

    postgres
        .database()
        .useTransaction(tx -> {
          assertThat(new Announcements().take(tx, Set.of())).isEmpty();
        });
    String before = records.one("select ctid::text from collection", String.class);
    assertThat(take()).isEmpty();

    assertThat(records.one("select ctid::text from collection", String.class)).isEqualTo(before);
  }

  private Set<Long> ids() {
    return new HashSet<>(
        postgres
            .database()
            .read(handle ->
                handle.createQuery("select id from collection").mapTo(Long.class).list()));
  }

  private List<Unannounced> take() {
    Set<Long> ids = ids();
    return postgres.database().inTransaction(tx -> new Announcements().take(tx, ids));
  }
}

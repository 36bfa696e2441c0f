package dev.serai.record;

import static dev.serai.record.Records.save;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.Json;
import dev.serai.support.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SealedReadingTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  private Records records;
  private RecordReader reader;
  private long collection;

  @BeforeEach
  void open() {
    records = new Records(postgres.database());
    reader = new RecordReader(postgres.database(), new Sealed());
    records.page(save("Thing", "{\"id\":\"plain\",\"n\":1}", "{\"id\":\"é/1\"}"));
    collection = records.collection("Thing");
  }

  @Test
  void sealed_and_plain_rows_are_listed_alike() throws Exception {
    seal("é/1", 7, Sealed.envelope(collection, "é/1", "{\"id\":\"é/1\",\"price\":1.50}"));

    JsonNode listed = list().get("records");

    assertThat(listed.get(0).get("n").intValue()).isEqualTo(1);
    assertThat(listed.get(1).get("id").textValue()).isEqualTo("é/1");
    assertThat(listed.get(1).get("price").asText()).isEqualTo("1.50");
    assertThat(listed.get(1).get("_nango_metadata").get("last_action").textValue())
        .isEqualTo("ADDED");
  }

  @Test
  void one_flipped_bit_is_refused_by_model_and_id_and_without_a_byte_of_the_payload() {
    byte[] envelope = Sealed.envelope(collection, "é/1", "{\"id\":\"é/1\",\"secret\":\"s3cr3t\"}");
    envelope[envelope.length / 2] ^= 1;
    seal("é/1", 7, envelope);

    assertThatThrownBy(this::list)
        .isInstanceOfSatisfying(
            RecordUnreadable.class, e -> assertThat(e.code()).isEqualTo("unsealing_failed"))
        .hasMessageContaining("(model: Thing, record: é/1)")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void an_envelope_of_another_row_or_collection_is_refused() {
    for (byte[] strange :
        List.of(
            Sealed.envelope(collection, "plain", "{\"id\":\"plain\"}"),
            Sealed.envelope(collection + 1, "é/1", "{\"id\":\"é/1\"}"))) {
      seal("é/1", 7, strange);

      assertThatThrownBy(this::list)
          .isInstanceOfSatisfying(
              RecordUnreadable.class, e -> assertThat(e.code()).isEqualTo("unsealing_failed"));
    }
  }

  @Test
  void a_payload_whose_key_was_dropped_is_gone() {
    seal("é/1", 8, Sealed.envelope(collection, "é/1", "{\"id\":\"é/1\"}"));

    assertThatThrownBy(this::list)
        .isInstanceOfSatisfying(
            RecordUnreadable.class,
            e -> {
              assertThat(e.code()).isEqualTo("data_key_gone");
              assertThat(e.gone()).isTrue();
            });
  }

  private void seal(String id, long key, byte[] envelope) {
    postgres
        .database()
        .useTransaction(handle ->
            handle.execute(
                "update record set data = null, sealed = ?, key = ? where external_id = ?",
                envelope,
                key,
                id));
  }

  private JsonNode list() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    reader.list(
        new RecordQuery(
            new CollectionKey(1, "Thing", "base"), null, null, Set.of(), List.of(), 100),
        out);
    return Json.parse(out.toByteArray());
  }
}

package dev.serai.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@link RecordBench} and {@link GrowthBench} measured.
 *
 * @param heap null if nothing was grown
 */
record RecordBenchReport(
    String machine, String conditions, List<Line> lines, List<Proof> proofs, @Nullable Heap heap) {

  /** What a sync of many records kept in memory while it read them. */
  record Heap(
      long records,
      double perSecond,
      int samples,
      double leastMegabytes,
      double mostMegabytes,
      double slope) {
    String text() {
      return String.format(
          Locale.ROOT,
          "heap after collection, %d times in one sync of %,d records (%,.0f/s): %.1f to %.1f MB, slope %+.3f MB per million records",
          samples,
          records,
          perSecond,
          leastMegabytes,
          mostMegabytes,
          slope);
    }
  }

  /**
   * What stands beside the lines of one mode.
   *
   * @param rows that all unchanged pages wrote together
   * @param wal bytes of write-ahead log meanwhile; the server's own background work is in it
   * @param binary records per second of the reference for reading, in COPY's binary format
   */
  record Proof(String mode, long rows, long wal, double binary) {
    List<String> text() {
      return List.of(
          "%s, unchanged: %,d rows written, %,d bytes of write-ahead log (all repetitions together)"
              .formatted(mode, rows, wal),
          "%s, read: the reference in binary format %,.0f/s".formatted(mode, binary));
    }
  }

  /**
   * A kind of work beside its reference, records per second by repetition.
   *
   * @param mode plain or sealed
   * @param reach the least share of the reference; 3 is three times
   */
  record Line(
      String mode,
      String work,
      String reference,
      double reach,
      List<Double> measured,
      List<Double> referred) {
    Line(String mode, String work, String reference, double reach) {
      this(mode, work, reference, reach, new ArrayList<>(), new ArrayList<>());
    }

    void add(double perSecond, double referencePerSecond) {
      measured.add(perSecond);
      referred.add(referencePerSecond);
    }

    String latest() {
      return "%s, %s: %,.0f/s, %s %,.0f/s"
          .formatted(mode, work, measured.getLast(), reference, referred.getLast());
    }

    double ratio() {
      return median(measured) / median(referred);
    }

    boolean met() {
      return ratio() >= reach;
    }
  }

  static double median(List<Double> values) {
    return new BenchReport.Series("", 0, values).median();
  }

  List<String> text() {
    List<String> text = new ArrayList<>(List.of("", machine, conditions));
    String mode = "";
    for (Line line : lines) {
      if (!line.mode().equals(mode)) {
        mode = line.mode();
        text.add("");
        text.add(
            "%-22s %11s  %-26s %11s %7s %7s"
                .formatted(mode, "records/s", "reference", "records/s", "share", "reach"));
      }
      text.add(
          String.format(
              Locale.ROOT,
              "%-22s %,11.0f  %-26s %,11.0f %7s %7s  %s",
              line.work(),
              median(line.measured()),
              line.reference(),
              median(line.referred()),
              share(line.ratio(), line.reach()),
              share(line.reach(), line.reach()),
              line.met() ? "met" : "NOT MET"));
    }
    text.add("");
    proofs.forEach(proof -> text.addAll(proof.text()));
    if (heap != null) {
      text.add(heap.text());
    }
    return text;
  }

  private static String share(double value, double reach) {
    return reach > 1
        ? String.format(Locale.ROOT, "%.1f x", value)
        : String.format(Locale.ROOT, "%.0f %%", 100 * value);
  }

  ObjectNode json() {
    ObjectNode json = Json.object().put("machine", machine).put("conditions", conditions);
    ArrayNode all = json.putArray("lines");
    for (Line line : lines) {
      ObjectNode node = all.addObject();
      node.put("mode", line.mode()).put("work", line.work()).put("reference", line.reference());
      node.put("per_second", Math.round(median(line.measured())));
      node.put("reference_per_second", Math.round(median(line.referred())));
      node.put("share", Math.round(1_000 * line.ratio()) / 1_000.0);
      node.put("reach", line.reach()).put("met", line.met());
      values(node.putArray("each_per_second"), line.measured());
      values(node.putArray("each_reference_per_second"), line.referred());
    }
    ArrayNode written = json.putArray("beside");
    for (Proof proof : proofs) {
      ObjectNode node = written.addObject().put("mode", proof.mode());
      node.put("unchanged_rows_written", proof.rows()).put("unchanged_wal_bytes", proof.wal());
      node.put("read_reference_in_binary_per_second", Math.round(proof.binary()));
    }
    if (heap != null) {
      json.set("heap", Json.mapper().valueToTree(heap));
    }
    return json;
  }

  private static void values(ArrayNode array, List<Double> values) {
    values.forEach(value -> array.add(Math.round(value)));
  }
}

package dev.serai.app;

import dev.serai.app.RecordBenchReport.Line;
import dev.serai.app.RecordBenchReport.Proof;
import dev.serai.app.RecordBenchStore.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Everything that is measured in one mode, and what has to be reached. */
final class RecordBenchLines {
  final Line added;
  final Line unchanged;
  final Line some;
  final Line all;
  final Line read;
  final Line manyAdded;
  final Line manyUnchanged;
  private final String mode;
  private final Consumer<String> tell;
  private final List<Double> binary = new ArrayList<>();
  private long rows;
  private long wal;

  /**
   * @param tell what each figure is told to as it comes
   */
  RecordBenchLines(boolean sealed, Consumer<String> tell) {
    this.tell = tell;
    mode = sealed ? "sealed" : "plain";
    added = new Line(mode, "new", "COPY", sealed ? 0.55 : 0.70);
    unchanged = new Line(mode, "unchanged", "look-up of hashes alone", 0.80);
    some = new Line(mode, "10 % changed", "all changed", 3);
    all = new Line(mode, "all changed", "UPDATE ... FROM", 0.70);
    read = new Line(mode, "read over HTTP", "COPY (SELECT) TO STDOUT", sealed ? 0.30 : 0.40);
    manyAdded = new Line(mode, "many small, new", "new", 0.30);
    manyUnchanged = new Line(mode, "many small, unchanged", "unchanged", 0.30);
  }

  void add(Line line, double measured, double reference) {
    line.add(measured, reference);
    tell.accept(line.latest());
  }

  void unchangedWrote(Written written) {
    rows += written.rows();
    wal += written.wal();
  }

  /** What COPY reads in its other format: no line of its own, for it answers another question. */
  void readInBinary(double perSecond) {
    binary.add(perSecond);
  }

  Proof proof() {
    return new Proof(mode, rows, wal, RecordBenchReport.median(binary));
  }

  List<Line> list() {
    return List.of(added, unchanged, some, all, read, manyAdded, manyUnchanged);
  }
}

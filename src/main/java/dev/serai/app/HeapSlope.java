package dev.serai.app;

import dev.serai.app.RecordBenchReport.Heap;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;

/** Whether what a sync keeps in memory grows with what it has read. */
final class HeapSlope {
  private record Sample(double millions, double megabytes) {}

  private final List<Sample> samples = new ArrayList<>();

  /** Collects garbage and notes what is left after this many records. */
  void sample(long records) {
    samples.add(new Sample(records / 1e6, BenchHeap.live() / 1048576.0));
  }

  /** What came of a sync of this many records at this speed. */
  Heap over(long records, double perSecond) {
    DoubleSummaryStatistics sizes =
        samples.stream().mapToDouble(Sample::megabytes).summaryStatistics();
    return new Heap(records, perSecond, samples.size(), sizes.getMin(), sizes.getMax(), slope());
  }

  /** Megabytes per million records, by least squares. */
  private double slope() {
    double x = samples.stream().mapToDouble(Sample::millions).average().orElseThrow();
    double y = samples.stream().mapToDouble(Sample::megabytes).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (Sample one : samples) {
      products += (one.millions() - x) * (one.megabytes() - y);
      squares += (one.millions() - x) * (one.millions() - x);
    }
    return products / squares;
  }
}

package dev.serai.app;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** The heap of the JVM that measures. */
final class BenchHeap {
  private BenchHeap() {}

  /**
   * A full collection would shrink the heap to what is live, and the measurement behind it would
   * pay for its growing again.
   */
  static void keepRoom() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    jvm.setVMOption("MaxHeapFreeRatio", "90");
    jvm.setVMOption("MinHeapFreeRatio", "80");
  }

  /** Bytes that are still needed after a full collection. */
  static long live() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

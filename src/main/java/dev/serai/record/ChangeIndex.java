package dev.serai.record;

/**
 * How statements are made to walk the change index, which is in the order they want: without sort,
 * bitmap and sequential scan there is no other way. Left free, PostgreSQL sorted a whole collection
 * for a chunk of it wherever its statistics did not know the collection. Conditions name {@code
 * -collection}, which the index begins with, and {@code collection}, which picks the partition.
 */
final class ChangeIndex {
  /** For the rest of the transaction. */
  static final String WALKED =
      "set local enable_sort = off; set local enable_bitmapscan = off; set local enable_seqscan = off";

  /** Ends {@link #WALKED} before the transaction does. */
  static final String AS_BEFORE =
      "set local enable_sort to default; set local enable_bitmapscan to default; set local enable_seqscan to default";

  private ChangeIndex() {}
}

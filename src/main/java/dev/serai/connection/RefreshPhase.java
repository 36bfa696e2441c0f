package dev.serai.connection;

/** What is in the air; see the package's description for who moves it. */
enum RefreshPhase {
  IDLE,
  /** Written before the call. Found without a living owner: the rotation may have happened. */
  SENDING,
  /** The answer is stored and nobody has understood it yet. */
  ANSWERED,
  /** An owner that lived on got no answer: tried again, however often. */
  DOUBTFUL;

  String column() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

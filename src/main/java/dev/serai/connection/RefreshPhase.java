package dev.serai.connection;

/** What is in the air; see the package's description for who moves it. */
enum RefreshPhase {
  IDLE,
  /** Written before the call. Found without a living owner: the rotation may have happened. */
  SENDING,
  /** The answer is stored and nobody has understood it yet: it is read before anybody is asked. */
  ANSWERED,
  /** An owner that lived on got no token, though the provider may have replaced the old one. */
  DOUBTFUL;

  String column() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}

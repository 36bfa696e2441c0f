package dev.serai.inbox;

/** Why something failed, as it is told and kept. */
final class Why {
  private static final int LONGEST = 500;

  private Why() {}

  /** At most 500 characters, and none that PostgreSQL knows in no text: a failure can be booked. */
  static String of(Throwable failure) {
    String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return (text.length() > LONGEST ? text.substring(0, LONGEST) : text).replace('\0', '\ufffd');
  }
}

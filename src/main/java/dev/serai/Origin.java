package dev.serai;

/** Whose fault an error is, so that the right person is told. */
public enum Origin {
  OURS,
  PROVIDER,
  CALLER
}

package dev.serai.app;

/** The command line. */
public final class Cli {
  private Cli() {}

  public static void main(String[] args) {
    System.out.println("serai");
  }
}

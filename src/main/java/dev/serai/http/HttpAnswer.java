package dev.serai.http;

/** What came back: any status is an answer, not an exception. The body is whole and bounded. */
public record HttpAnswer(int status, Headers headers, byte[] body) {
  public boolean ok() {
    return status >= 200 && status < 300;
  }
}

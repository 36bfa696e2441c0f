package dev.serai.api;

/** Where Connect pages tell what happened in them: thanked, and nothing of it is kept. */
public final class TelemetryPage implements WebPage {
  @Override
  public String operation() {
    return "connectTelemetry";
  }

  @Override
  public boolean anyOrigin() {
    return true;
  }

  @Override
  public WebReply answer(ApiRequest request) {
    return WebReply.empty(204);
  }
}

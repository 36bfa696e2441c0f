package dev.serai.api;

import dev.serai.http.Headers;
import dev.serai.provider.Catalogue;
import dev.serai.provider.Logo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * {@code web:providerLogo}: the picture of a provider that is loaded. The name in the request is
 * only ever looked up among the providers' names. Thread-safe.
 */
public final class ProviderLogos implements WebPage {
  private static final String SUFFIX = ".svg";

  /** An SVG can hold scripts and addresses: whoever opens it by itself gets a dead picture. */
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

  private final Supplier<Catalogue> catalogue;

  /**
   * @param catalogue the snapshot in force; asked on every call
   */
  public ProviderLogos(Supplier<Catalogue> catalogue) {
    this.catalogue = catalogue;
  }

  static String path(String provider) {
    return "/images/template-logos/" + provider + SUFFIX;
  }

  @Override
  public String operation() {
    return "providerLogo";
  }

  @Override
  public boolean anyOrigin() {
    return true;
  }

  @Override
  public WebReply answer(ApiRequest request) {
    String file = request.pathParameter("file");
    if (!file.endsWith(SUFFIX)) {
      throw unknown();
    }
    byte[] picture =
        catalogue
            .get()
            .find(file.substring(0, file.length() - SUFFIX.length()))
            .map(Logo::of)
            .orElseThrow(ProviderLogos::unknown);
    String tag = "\"" + digest(picture) + "\"";
    boolean known = request.header("If-None-Match").filter(tags -> tags.contains(tag)).isPresent();
    return (known ? WebReply.empty(304) : new WebReply(200, "image/svg+xml", Headers.NONE, picture))
        .with("ETag", tag)
        .with("Cache-Control", "public, max-age=3600")
        .with("Content-Security-Policy", POLICY)
        .with("Cross-Origin-Resource-Policy", "cross-origin");
  }

  private static ApiError unknown() {
    return ApiError.notFound("There is no such picture");
  }

  private static String digest(byte[] picture) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(picture);
      return HexFormat.of().formatHex(hash, 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

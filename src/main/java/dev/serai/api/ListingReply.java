package dev.serai.api;

import dev.serai.record.RecordListing;
import dev.serai.record.RecordUnreadable;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers with a listing, whole if it is small and streamed if not. */
final class ListingReply {
  private static final Logger LOG = LoggerFactory.getLogger(ListingReply.class);

  private ListingReply() {}

  static ApiReply of(RecordListing listing) {
    try {
      ApiReply reply = PartsStream.reply(listing);
      return listing.historyLost() ? reply.withHeader("X-Serai-History-Lost", "true") : reply;
    } catch (RecordUnreadable e) {
      LOG.error("A listing was refused", e);
      throw ApiError.of(
          e.gone() ? 410 : 500, e.code(), Objects.requireNonNullElse(e.getMessage(), e.code()));
    }
  }
}

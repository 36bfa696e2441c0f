package dev.serai.record;

import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What a row that differs from the page says of itself, besides its payload.
 *
 * @param place where it lies (its ctid); good while the collection's {@code writes} stays
 * @param bytes of its payload; 0 if that was pruned
 * @param guarded another kind of writer changed it since the page was asked for
 * @param foreign another stream or partition saw it last
 * @param key and {@code recipe}: how its hashes were made
 * @param otherHash its hash, if that was made in another way than the page's
 * @param watched hash of its watched fields
 * @param toldVersion the last version worth a webhook; null: this one
 */
record StoredRow(
    String place,
    long version,
    long addedVersion,
    @Nullable Long toldVersion,
    OffsetDateTime firstSeenAt,
    @Nullable String stream,
    String partition,
    int bytes,
    boolean deleted,
    boolean guarded,
    boolean foreign,
    @Nullable Long key,
    @Nullable Integer recipe,
    byte @Nullable [] otherHash,
    byte @Nullable [] watched) {}

package dev.serai.connection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a provider gave us.
 *
 * @param config values of the connection's configuration that its answer or callback told; those of
 *     secret fields among them
 * @param account who it is at the provider, as the provider declares it; null: it does not say
 */
public record Granted(Credentials credentials, ObjectNode config, @Nullable String account) {}

package dev.serai.inbox;

import dev.serai.connection.Connection;
import dev.serai.database.Database;
import dev.serai.outbox.Outbox;
import dev.serai.provider.Provider;
import dev.serai.record.RecordWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * What the inbox's engine is made of.
 *
 * @param node its name, the same after a restart
 * @param connections live ones by row id
 * @param backlog measured while this engine works
 * @param concurrency tasks at one time on this node
 * @param lease how long a task stays ours without a booked result; its route gets three quarters
 */
public record InboxWiring(
    Database database,
    String node,
    InboxStore inbox,
    WebhookRoutes routes,
    Function<String, Optional<Provider>> providers,
    LongFunction<Optional<Connection>> connections,
    RecordWriter writer,
    Contents contents,
    Outbox outbox,
    BacklogStore backlog,
    int concurrency,
    Duration lease) {}

package dev.serai.app;

import dev.serai.database.Database;
import dev.serai.provider.Catalogue;
import dev.serai.vault.Redactor;
import dev.serai.vault.Vault;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/** What every engine may be built from: there before Camel starts, gone after it has stopped. */
record Platform(
    Settings settings,
    Database database,
    String databaseHostPort,
    Vault vault,
    DevAccess dev,
    Catalogue catalogue,
    Redactor redactor,
    MeterRegistry metrics,
    Readiness readiness,
    InstantSource clock,
    Closing closing) {}

package dev.serai.connection;

import org.jdbi.v3.core.Handle;

/**
 * Told inside the transaction that changes an integration's app, so that what failed by the old one
 * is tried again if and only if there is a new one.
 */
public interface AppListener {
  void appChanged(Handle transaction, Integration integration);
}

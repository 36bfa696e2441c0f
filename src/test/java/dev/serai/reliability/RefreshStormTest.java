package dev.serai.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.support.Marked;
import dev.serai.support.OAuthWorld;
import dev.serai.support.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Many callers of many nodes want one connection's token in the moment in which it has ended. */
class RefreshStormTest {
  @RegisterExtension static final TestDatabase postgres = new TestDatabase();

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void two_nodes_share_every_renewal_and_tell_what_became_of_it() throws Exception {
    try (RefreshCluster cluster = cluster()) {
      cluster.start(2);
      storm(cluster, 8, 15);
      shown(cluster);
      revoked(cluster);
    }
  }

  @Test
  @Tag("full")
  @Timeout(3_600)
  void four_nodes_of_thirty_two_callers_share_every_one_of_five_hundred_renewals()
      throws Exception {
    try (RefreshCluster cluster = cluster()) {
      cluster.start(4);
      storm(cluster, 32, Integer.getInteger("serai.expiries", 500));
    }
  }

  private RefreshCluster cluster() {
    return new RefreshCluster(
        folder, postgres.database(), postgres.address(), "{margin: 1m, grace: 0s}");
  }

  private static void storm(RefreshCluster cluster, int callersPerNode, int expiries)
      throws Exception {
    cluster.connect(OAuthWorld.PROVIDER, "stormy");
    long begun = System.nanoTime();
    int calls = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < expiries; round++) {
        cluster.oauth.endTokens();
        List<Future<JsonNode>> answers = new ArrayList<>();
        for (int caller = 0; caller < callersPerNode; caller++) {
          for (SeraiProcess node : cluster.nodes) {
            answers.add(
                threads.submit(() -> RefreshCluster.get(node, OAuthWorld.PROVIDER, "stormy", "")));
          }
        }
        List<String> tokens = new ArrayList<>();
        for (Future<JsonNode> answer : answers) {
          JsonNode credentials = answer.get(60, TimeUnit.SECONDS).path("credentials");
          tokens.add(credentials.path("access_token").asText("none"));
        }
        calls += answers.size();
        assertThat(tokens).as("round %d", round).containsOnly(tokens.getFirst());
        assertThat(tokens.getFirst()).startsWith(Marked.MARK + "at_");
      }
    }
    int refreshes = cluster.oauth.count("refresh_requests");
    System.out.printf(
        "refresh storm: %d nodes × %d callers × %d expiries = %,d calls in %.1f s: the provider saw %d refreshes, %d invalid_grant%n",
        cluster.nodes.size(),
        callersPerNode,
        expiries,
        calls,
        (System.nanoTime() - begun) / 1e9,
        refreshes,
        cluster.oauth.count("invalid_grants"));
    assertThat(refreshes).isEqualTo(expiries);
    assertThat(cluster.oauth.count("invalid_grants")).isZero();
  }

  private static void shown(RefreshCluster cluster) {
    SeraiProcess node = cluster.nodes.getFirst();
    JsonNode plain =
        RefreshCluster.get(node, OAuthWorld.PROVIDER, "stormy", "").path("credentials");
    assertThat(plain.toString()).contains("access_token").doesNotContain("refresh_token");
    JsonNode whole =
        RefreshCluster.get(node, OAuthWorld.PROVIDER, "stormy", "&refresh_token=true")
            .path("credentials");
    assertThat(whole.path("refresh_token").asText()).startsWith(Marked.MARK + "rt_");
    String forced =
        RefreshCluster.get(node, OAuthWorld.PROVIDER, "stormy", "&force_refresh=true")
            .path("credentials")
            .path("access_token")
            .asText();
    assertThat(forced).isNotEqualTo(whole.path("access_token").asText());
  }

  private static void revoked(RefreshCluster cluster) {
    cluster.oauth.simulator.control().oauth().revoke("alice");
    int before = cluster.oauth.count("refresh_requests");
    cluster.oauth.endTokens();

    JsonNode first =
        RefreshCluster.get(cluster.nodes.getFirst(), OAuthWorld.PROVIDER, "stormy", "")
            .path("error");
    JsonNode later =
        RefreshCluster.get(cluster.nodes.getLast(), OAuthWorld.PROVIDER, "stormy", "")
            .path("error");

    assertThat(first.path("code").asText()).isEqualTo("invalid_credentials");
    assertThat(first.path("payload").path("code").asText())
        .isEqualTo("refresh_token_external_error");
    assertThat(
            first.path("payload").path("connection").path("errors").path(0).path("type").asText())
        .isEqualTo("auth");
    assertThat(later.path("payload").path("code").asText())
        .isEqualTo("connection_refresh_exhausted");
    assertThat(cluster.oauth.count("refresh_requests") - before).isEqualTo(1);
  }
}

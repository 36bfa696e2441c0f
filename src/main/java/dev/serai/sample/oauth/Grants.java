package dev.serai.sample.oauth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.sample.oauth.Counts.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who was allowed what: every chain of tokens that began with a customer's yes. In memory only;
 * every method is one atomic step.
 *
 * <p>A refresh token is good for one use. For as long as {@link Policy#grace} says it is taken
 * again and answered with the same successor, as long as that one was not used either: a client
 * that lost the answer gets it again, and there is never more than one live chain. Beyond that,
 * whoever brings a spent token may be a thief, and the whole grant ends (RFC 9700, 4.14.2).
 */
public final class Grants {
  private static final class Chain {
    final Account account;
    final String scope;
    boolean revoked;
    String current = "";

    Chain(Account account, String scope) {
      this.account = account;
      this.scope = scope;
    }
  }

  private record Access(Chain chain, String scope, Instant end) {}

  private static final class Refresh {
    final Chain chain;
    final Instant issued;
    @Nullable Instant spent;
    @Nullable String successor;

    Refresh(Chain chain, Instant issued) {
      this.chain = chain;
      this.issued = issued;
    }
  }

  private final InstantSource clock;
  private final Counts counts = new Counts();
  private final Map<String, Access> accesses = new Secrets.Kept<>();
  private final Map<String, Refresh> refreshes = new Secrets.Kept<>();
  private final Set<Chain> live = Collections.newSetFromMap(new IdentityHashMap<>());
  private final String mark;
  private Policy policy;

  public Grants(InstantSource clock, OAuthOptions options) {
    this.clock = clock;
    this.policy = options.policy();
    this.mark = options.mark();
  }

  public synchronized Policy policy() {
    return policy;
  }

  public synchronized void policy(Policy changed) {
    policy = changed;
  }

  /** Begins a chain. */
  public synchronized TokenAnswer begin(Account account, String scope) {
    Chain chain = new Chain(account, Scopes.asked(scope));
    live.add(chain);
    chain.current = newRefresh(chain);
    return answer(chain, chain.scope);
  }

  /**
   * Spends a refresh token.
   *
   * @param scope as asked, may be empty
   * @throws OAuthError {@code invalid_grant}, {@code invalid_scope}
   */
  public synchronized TokenAnswer refresh(String token, String scope) {
    counts.count(Event.REFRESH_REQUESTS);
    Refresh refresh = refreshes.get(token);
    if (refresh == null) {
      throw invalid("there is no such refresh token");
    }
    if (refresh.chain.revoked) {
      throw invalid("the grant was revoked");
    }
    String narrowed = Scopes.narrowed(scope, refresh.chain.scope);
    Instant now = clock.instant();
    if (refresh.spent != null) {
      return again(refresh, refresh.spent, narrowed, now);
    }
    if (!policy.idle().isZero() && !now.isBefore(refresh.issued.plus(policy.idle()))) {
      revoke(refresh.chain);
      throw invalid("the refresh token expired, because nobody used it");
    }
    refresh.spent = now;
    refresh.successor = newRefresh(refresh.chain);
    refresh.chain.current = refresh.successor;
    counts.count(Event.REFRESHES);
    return answer(refresh.chain, narrowed);
  }

  private TokenAnswer again(Refresh refresh, Instant spent, String scope, Instant now) {
    boolean inTime = now.isBefore(spent.plus(policy.grace()));
    if (inTime && refresh.chain.current.equals(refresh.successor)) {
      counts.count(Event.GRACED);
      return answer(refresh.chain, scope);
    }
    counts.count(Event.REUSE_DETECTED);
    revoke(refresh.chain);
    throw invalid("the refresh token was used before; the grant is revoked");
  }

  private String newRefresh(Chain chain) {
    String token = Secrets.draw(mark + "rt_");
    refreshes.put(token, new Refresh(chain, clock.instant()));
    return token;
  }

  private TokenAnswer answer(Chain chain, String scope) {
    String access = Secrets.draw(mark + "at_");
    accesses.put(access, new Access(chain, scope, clock.instant().plus(policy.access())));
    Duration told = policy.statesExpiry() ? policy.access() : null;
    return new TokenAnswer(access, chain.current, told, scope, chain.account);
  }

  OAuthError invalid(String description) {
    countInvalid();
    return OAuthError.invalidGrant(description);
  }

  private synchronized void countInvalid() {
    counts.count(Event.INVALID_GRANTS);
  }

  synchronized void count(Event event) {
    counts.count(event);
  }

  /** Whose an access token is and what it may do; empty if it is not, or no longer, good. */
  public synchronized Optional<Caller> caller(String accessToken) {
    Access access = accesses.get(accessToken);
    if (access == null || access.chain().revoked || !clock.instant().isBefore(access.end())) {
      return Optional.empty();
    }
    return Optional.of(new Caller(access.chain().account, Scopes.parts(access.scope())));
  }

  /** Whoever calls the API with an access token. */
  public record Caller(Account account, Set<String> scopes) {}

  /** Ends an access token, or with its refresh token the whole grant (RFC 7009, 2.1). */
  public synchronized void revoke(String token) {
    Refresh refresh = refreshes.get(token);
    if (refresh != null) {
      revoke(refresh.chain);
    } else {
      accesses.remove(token);
    }
  }

  /** Ends the whole grant that an access token belongs to: what its owner's app has done with. */
  public synchronized void giveUp(String accessToken) {
    Access access = accesses.get(accessToken);
    if (access != null) {
      revoke(access.chain());
    }
  }

  private void revoke(Chain chain) {
    if (live.remove(chain)) {
      chain.revoked = true;
      counts.count(Event.REVOKED);
    }
  }

  /** Ends everything this account ever allowed; returns how many grants those were. */
  public synchronized int revoke(Account account) {
    Set<Chain> theirs = Collections.newSetFromMap(new IdentityHashMap<>());
    live.stream().filter(chain -> chain.account.equals(account)).forEach(theirs::add);
    theirs.forEach(this::revoke);
    return theirs.size();
  }

  /** Ids of the accounts whose grants are alive. */
  public synchronized Set<String> accounts() {
    return live.stream()
        .map(chain -> chain.account.id())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Ends every access token; refresh tokens stay good. */
  public synchronized void expireAccess() {
    Instant now = clock.instant();
    accesses.replaceAll((token, access) -> new Access(access.chain(), access.scope(), now));
  }

  /** The events by name, and {@code live_chains}: grants whose refresh token would be taken now. */
  public synchronized ObjectNode counts() {
    Instant now = clock.instant();
    long alive =
        live.stream()
            .map(chain -> refreshes.get(chain.current))
            .filter(refresh ->
                refresh != null
                    && (policy.idle().isZero() || now.isBefore(refresh.issued.plus(policy.idle()))))
            .count();
    return counts.json().put("live_chains", alive);
  }

  public synchronized void forgetCounts() {
    counts.clear();
  }

  /** Every token that was ever given out, for whoever must not find one elsewhere. */
  public synchronized Set<String> secrets() {
    Set<String> all = new TreeSet<>(accesses.keySet());
    all.addAll(refreshes.keySet());
    return all;
  }
}

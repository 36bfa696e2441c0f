/**
 * Connections, their grants, and the calls that are made with them.
 *
 * <h2>How a token is renewed</h2>
 *
 * A refresh token may be good for one use (RFC 9700, 2.2.2 and 4.14.2): whoever uses it twice loses
 * the grant, and so does whoever uses it and forgets the answer. So one owner at a time renews a
 * connection, and PostgreSQL remembers what he is about to do before he does it. One row of {@code
 * token_refresh} per connection holds
 *
 * <ul>
 *   <li>a lease that heartbeats keep, by the database's clock, and its fence: a number that moves
 *       with every lease and every reconnect. An owner's statements name it and miss once it moved.
 *       A lease is of one process: a node that starts anew ends those of its former life;
 *   <li>the phase of what is in the air, and since when;
 *   <li>the provider's answer, sealed, until it is understood;
 *   <li>the state of the grant, the failures in a row and when to try again.
 * </ul>
 *
 * Whoever needs a token joins the one flight of this node; flights of several nodes meet at the
 * row, where all but the owner wait for the generation of the credentials to move.
 *
 * <pre>
 *   step                                  phase     what the next owner finds after a death behind it
 *   1 take the lease, read everything     idle      nothing was sent: begins anew
 *   2 write the intent, commit            sending   the token may be used up (below)
 *   3 call                                sending   the token may be used up (below)
 *   4 store the sealed answer, commit     answered  reads that answer, calls nobody
 *   5 understand it                       answered  the same
 *   6 one transaction: credentials,       idle      everything is done
 *     generation + 1, intent, lease
 * </pre>
 *
 * <b>The token may be used up</b> (phase sending, and renewing consumes): the provider's declared
 * grace counts from the first intent, since it cannot have rotated earlier. Within it the next
 * owner sends the old token once; if he dies as well, so does the one after him. Outside of it, or
 * where no grace is declared, the old token is not sent again: a replay would look like theft. The
 * grant is <i>uncertain</i>: its access token is used to its end and the customer is asked to
 * reconnect; when it has ended, or is refused, the syncs stop. What does not consume (a client
 * secret, a key) is simply repeated; so is a two-step exchange whose entered values are kept, since
 * its refresh token is only a shorter way: refused or used up, the steps are made anew.
 *
 * <p><b>An owner that lives and gets no token</b> goes to phase doubtful, whatever came instead of
 * it: nothing, a 5xx, a page, an empty body. Only an error of 4xx in the API's own words, 429, and
 * what failed before the request was written, raise no doubt. The time of the first doubt stays.
 *
 * <ul>
 *   <li>Within the grace the old token is harmless. It is tried again with backoff and full jitter,
 *       {@code retry_at} binding every node, by whoever needs it and by the upkeep; no wait reaches
 *       beyond the grace, not even one that the provider asked for. A first call waits for its
 *       answer for at most half of the grace, so that there is time for a second.
 *   <li>After it, or without one, only whoever needs the token tries it again, with backoff. If it
 *       was replaced, it is lost already: nobody has its successor, and a replay costs no more than
 *       what is left of the access token where the provider revokes the family, and saves the grant
 *       where it is more patient than it says. If it was not replaced, which is what most 5xx mean,
 *       nothing else keeps the grant alive through the provider's trouble.
 *   <li>A refusal in doubt makes the grant <i>uncertain</i>, never dead: the provider refuses a
 *       token that may be the replaced one, which is no word about the customer.
 * </ul>
 *
 * <p><b>A yes that nobody understands</b> (2xx, JSON, no token where the provider's file looks for
 * it) may hold the only token there is. It stays in phase answered and is read again with backoff,
 * so that a mended file is enough; the old token is not sent while it lies there. It is logged, and
 * counted as {@code unread}. A reconnect drops it.
 *
 * <p><b>A late owner</b> whose fence was passed, but by nobody who sent anything (by the verdict
 * that the grant is uncertain, say), holds the only token there is: as long as the generation is
 * the same his answer is kept for the next owner, and heals the grant.
 *
 * <p><b>A stop</b> of the node sends nothing more, waits for what is on its way, and breaks no
 * thread off: between the call and the stored answer nothing may come.
 *
 * <p><b>Answers</b> of 5xx, 429, a limit by another name or nonsense count as "not done" and are
 * tried again; they never end a grant. A refusal is judged after everything was read again behind
 * the fence: if somebody changed the credentials meanwhile, or the app that is said to be wrong, it
 * means nothing. Otherwise the grant is <i>dead</i> (revoked, expired) or <i>misconfigured</i> (the
 * app): no further call, the syncs are blocked, {@code errors} gets an entry and the environment a
 * webhook, in one transaction. A reconnect makes everything as new. A changed app lets what was
 * misconfigured be tried again, and touches neither what is in the air nor what is in doubt; it is
 * also tried again by itself, more and more seldom ({@link dev.serai.connection.MendTries}), and
 * tells nobody twice.
 *
 * <p><b>What cannot be renewed</b> is over when its stated end has passed, or when it was refused
 * twice ({@link dev.serai.connection.Unrenewable}). Between the two the row says so: live, one
 * failure, and {@code retry_at} the earliest time of the second.
 *
 * <p><b>Lifetimes</b> that nobody states are declared, or learned: the age at which the API refused
 * a token that a renewal had brought, if the next token was accepted. What is learned grows while
 * tokens outlive it. A token that replaced a refused one and is refused too is replaced less and
 * less often.
 *
 * <p><b>Lock order</b> of every transaction: integration → connections by ascending id → {@code
 * token_refresh} → credential → syncs by connection, then id → collections by ascending id →
 * records → messages. A connection is locked with {@code for no key update}, never with {@code for
 * update}: the foreign keys of what hangs on it are looked after by transactions that hold a sync.
 */
package dev.serai.connection;

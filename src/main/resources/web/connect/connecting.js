// From a chosen integration to a connection: ask, send or open the window, and say how it went.
import { form } from './form.js';
import { tell } from './host.js';
import { details, notice } from './screens.js';
import { explained } from './troubles.js';
import { waysOf } from './ways.js';

/**
 * @param on {world, integration, provider, say, asked, here, back, home, leave, expired, connected}: where we are; `here` is
 *     aborted once the page has gone elsewhere; `home` leads back to the choice, `leave` closes the page, both may be
 *     missing; `connected` answers what leads to another integration, if any is left
 * @returns {{busy: () => boolean}} whether the outcome of an attempt is awaited
 */
export function connect(on) {
  const { integration, provider, world, say } = on;
  const defaults = world.session?.integrations_config_defaults?.[integration.unique_key]?.connection_config ?? {};
  const name = integration.display_name ?? provider.display_name ?? integration.unique_key;
  const logo = integration.logo ?? provider.logo_url;
  const docs = world.session?.overrides?.[integration.unique_key]?.docs_connect ?? provider.docs_connect ?? provider.docs;
  const reconnecting = Boolean(world.session?.isReconnecting);
  const ways = waysOf(provider, defaults, reconnecting);
  const kept = (world.kept[integration.unique_key] ??= {});
  let running; // the one attempt whose outcome counts

  on.here.addEventListener('abort', stop);
  ask(ways[0] ?? { mode: 'NONE', popup: false, fields: [] });
  return { busy: () => Boolean(running) };

  function stop() {
    running?.abort();
    running = undefined;
  }

  function ask(way) {
    stop();
    on.back(on.home);
    const fields = form(way.fields, say, kept);
    const screen = details({ name, logo, docs, ways, way, reconnecting, externalId: world.session?.externalId }, fields, say, other, () => {
      if (running) return;
      const given = fields.read();
      if (given) send({ way, given, screen, fields });
    });
    return { screen, fields };
  }

  /** The screen is drawn anew, but whoever chooses by the arrow keys stays where they were. */
  function other(way) {
    ask(way);
    document.querySelector('.ways input:checked')?.focus();
  }

  /** Must be called within a click: the window opens at once or never. */
  function send(attempt) {
    if (on.here.aborted) return;
    const { way, given } = attempt;
    stop();
    const mine = (running = new AbortController());
    const ends = (end) => (outcome) => {
      if (running !== mine) return;
      running = undefined;
      end(outcome);
    };
    const options = {
      params: given.params,
      signal: mine.signal,
      confirmAccountChange: attempt.confirmed,
      detectClosedAuthWindow: on.asked.detectClosedAuthWindow,
      onPopupClosed: () => running === mine && closed(attempt),
      ...(way.popup ? {} : { credentials: given.credentials, authMode: way.mode }),
    };
    const outcome = world.serai ? world.serai.auth(integration.unique_key, options) : Promise.resolve({ connectionId: 'preview' });
    on.back(undefined);
    if (way.popup) waiting(attempt);
    else if (attempt.screen.shown()) attempt.screen.busy(say('checking', { name }));
    else notice({ kind: 'clock', title: say('checking', { name }) });
    outcome.then(ends(succeeded), ends((error) => refused(attempt, error)));
  }

  function waiting(attempt) {
    notice({
      kind: 'waits', title: say('waiting_title'), lines: [say('waiting_lead', { name })],
      buttons: [[say('cancel'), () => ask(attempt.way), 'secondary']],
    });
  }

  /** The outcome may still come: some providers cut the tie to their window, which then looks closed. */
  function closed(attempt) {
    notice({
      kind: 'window', title: say('closed_title'), lines: [say('closed_lead', { name })],
      buttons: [[say('again'), () => send(attempt)], [say('cancel'), () => ask(attempt.way), 'secondary']],
    });
  }

  function succeeded(connection) {
    tell('connect', { providerConfigKey: integration.unique_key, ...connection });
    const pending = Boolean(connection.isPending);
    const another = on.connected(pending);
    notice({
      kind: pending ? 'clock' : 'done', title: say(pending ? 'pending_title' : 'success_title'),
      lines: [say(pending ? 'pending_lead' : 'success_lead', { name }), on.leave ? '' : say('success_leave')],
      buttons: [on.leave && [say('done'), on.leave], another && [say('another'), another, 'secondary']],
    });
  }

  function refused(attempt, error) {
    if (error.code !== 'account_differs') tell('error', { errorType: error.code, errorMessage: error.message });
    if (error.status === 401 || error.code === 'unknown_connect_session_token') return on.expired();
    const retry = () => send(attempt);
    const start = () => ask(attempt.way);
    const screens = {
      blocked_by_browser: () => notice({ kind: 'window', title: say('blocked_title'), lines: [say('blocked_lead', { name })], buttons: [[say('open'), retry], [say('back'), start, 'secondary']] }),
      window_closed: () => closed(attempt),
      account_differs: () => differs(attempt, attempt.way.popup ? retry : start),
    };
    if (screens[error.code]) return screens[error.code]();
    return attempt.way.popup ? unwilling(error, attempt.way, retry, start) : mend(attempt, error);
  }

  function differs(attempt, first) {
    const may = Boolean(world.session?.mayConfirmAccountChange);
    notice({
      kind: 'alert', title: say('differs_title'), lines: [say(may ? 'differs_lead' : 'differs_only', { name })],
      buttons: [[say('differs_no'), first], may && [say('differs_yes'), () => send({ ...attempt, confirmed: true }), 'secondary']],
    });
  }

  function unwilling(error, way, retry, start) {
    const { said, ours, denied } = explained(error, provider.display_name, name, say);
    // What was entered may be to blame, such as an address; it is not when somebody said no.
    const entered = error.code === 'connection_validation_failed' && way.fields.length && !denied;
    notice({
      kind: 'alert', title: say('refused_title', { name }), lines: [denied ? say('denied_lead') : ours],
      quote: said && { by: say('refused_says', { name }), text: said },
      buttons: entered ? [[say('mend'), start], [say('again'), retry, 'secondary']] : [[say('again'), retry], [say('back'), start, 'secondary']],
    });
  }

  /** The form stays, or comes back, as it was filled in, with what is wrong where it is wrong. */
  function mend(attempt, error) {
    const { screen, fields } = attempt.screen.shown() ? attempt : ask(attempt.way);
    screen.busy();
    on.back(on.home);
    if (fields.mark(error.payload?.error?.errors ?? [])) return;
    const { said, ours } = explained(error, provider.display_name, name, say);
    screen.refuse(say('refused_title', { name }), ours ?? `${say('refused_says', { name })} ${said}`);
  }
}

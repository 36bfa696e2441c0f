// From a chosen integration to a connection: ask, send or open the window, and say how it went.
import { form } from './form.js';
import { tell } from './host.js';
import { details, notice } from './screens.js';
import { waysOf } from './ways.js';

const DENIED = /access_denied|denied|cancel/i;

/**
 * @param on {world, integration, provider, say, asked, back, home, leave, expired}: where we are, and
 *     `home` leads back to the choice, `leave` closes the page; both may be missing
 */
export function connect(on) {
  const { integration, provider, world, say } = on;
  const defaults = world.session?.integrations_config_defaults?.[integration.unique_key]?.connection_config ?? {};
  const name = integration.display_name ?? provider.display_name ?? integration.unique_key;
  const logo = integration.logo ?? provider.logo_url;
  const docs = world.session?.overrides?.[integration.unique_key]?.docs_connect ?? provider.docs_connect ?? provider.docs;
  const reconnecting = Boolean(world.session?.isReconnecting);
  const ways = waysOf(provider, defaults, reconnecting);
  let running;

  function ask(way) {
    on.back(on.home);
    const fields = form(way.fields, say);
    const screen = details({ name, logo, docs, ways, way, reconnecting }, fields, say, other, () => {
      if (running) return;
      const given = fields.read();
      if (given) send({ way, given, screen, fields });
    });
  }

  /** The screen is drawn anew, but whoever chooses by the arrow keys stays where they were. */
  function other(way) {
    ask(way);
    document.querySelector('.ways input:checked')?.focus();
  }

  /** Must be called within a click: the window opens at once or never. */
  function send(attempt) {
    const { way, given, screen } = attempt;
    const giveUp = new AbortController();
    const options = {
      params: given.params,
      signal: giveUp.signal,
      confirmAccountChange: attempt.confirmed,
      detectClosedAuthWindow: on.asked.detectClosedAuthWindow,
      onPopupClosed: () => running === giveUp && closed(attempt, giveUp),
      ...(way.popup ? {} : { credentials: given.credentials, authMode: way.mode }),
    };
    running = giveUp;
    const outcome = world.serai ? world.serai.auth(integration.unique_key, options) : Promise.resolve({ connectionId: 'preview' });
    if (way.popup) waiting(attempt, giveUp);
    else screen.busy(say('checking', { name }));
    outcome
      .then(succeeded, (error) => refused(attempt, error, running === giveUp))
      .finally(() => running === giveUp && (running = undefined));
  }

  const again = (attempt, giveUp) => () => {
    stop(giveUp);
    send(attempt);
  };

  function stop(giveUp) {
    if (running === giveUp) running = undefined;
    giveUp.abort();
  }

  function waiting(attempt, giveUp) {
    on.back(undefined);
    notice({
      kind: 'waits', title: say('waiting_title'), lines: [say('waiting_lead', { name })],
      buttons: [[say('cancel'), () => (stop(giveUp), ask(attempt.way)), 'secondary']],
    });
  }

  /** The outcome may still come: some providers cut the tie to their window, which then looks closed. */
  function closed(attempt, giveUp) {
    notice({
      kind: 'window', title: say('closed_title'), lines: [say('closed_lead', { name })],
      buttons: [[say('again'), again(attempt, giveUp)], [say('cancel'), () => (stop(giveUp), ask(attempt.way)), 'secondary']],
    });
  }

  function succeeded(connection) {
    on.back(undefined);
    tell('connect', { providerConfigKey: integration.unique_key, ...connection });
    const pending = connection.isPending;
    notice({
      kind: pending ? 'clock' : 'done', title: say(pending ? 'pending_title' : 'success_title'),
      lines: [say(pending ? 'pending_lead' : 'success_lead', { name }), on.leave ? '' : say('success_leave')],
      buttons: on.leave ? [[say('done'), on.leave]] : [],
    });
  }

  function refused(attempt, error, current) {
    if (error.code === 'aborted' || !current) return;
    running = undefined;
    attempt.screen.busy();
    if (error.code !== 'account_differs') tell('error', { errorType: error.code, errorMessage: error.message });
    if (error.status === 401 || error.code === 'unknown_connect_session_token') return on.expired();
    const retry = () => send({ ...attempt, screen: attempt.screen });
    const start = () => ask(attempt.way);
    const screens = {
      blocked_by_browser: () => notice({ kind: 'window', title: say('blocked_title'), lines: [say('blocked_lead', { name })], buttons: [[say('open'), retry], [say('back'), start, 'secondary']] }),
      window_closed: () => notice({ kind: 'window', title: say('closed_title'), lines: [say('closed_lead', { name })], buttons: [[say('again'), retry], [say('back'), start, 'secondary']] }),
      account_differs: () => notice({
        kind: 'alert', title: say('differs_title'), lines: [say('differs_lead', { name })],
        buttons: [[say('differs_no'), attempt.way.popup ? retry : start], [say('differs_yes'), () => confirm(attempt), 'secondary']],
      }),
    };
    if (screens[error.code]) return screens[error.code]();
    return attempt.way.popup ? unwilling(error, retry, start) : mend(attempt, error);
  }

  function confirm(attempt) {
    const confirmed = { ...attempt, confirmed: true };
    if (!attempt.way.popup) {
      notice({ kind: 'clock', title: say('checking', { name }) });
      confirmed.screen = { busy() {}, refuse: (title, text) => unwilling({ message: text ?? title }, () => send(confirmed), () => ask(attempt.way)) };
    }
    send(confirmed);
  }

  function unwilling(error, retry, start) {
    const ours = ourWords(error, say);
    const denied = !ours && DENIED.test(`${error.code} ${error.message}`);
    notice({
      kind: 'alert', title: say('refused_title', { name }), lines: [ours ?? (denied ? say('denied_lead') : '')],
      quote: ours ? undefined : { by: say('refused_says', { name }), text: error.message },
      buttons: [[say('again'), retry], [say('back'), start, 'secondary']],
    });
  }

  /** The form stays as it was filled in, with what is wrong where it is wrong. */
  function mend({ screen, fields }, error) {
    if (fields.mark(error.payload?.error?.errors ?? [])) return;
    const ours = ourWords(error, say);
    screen.refuse(ours ?? say('refused_title', { name }), ours ? undefined : error.message);
  }

  ask(ways[0] ?? { mode: 'NONE', popup: false, fields: [] });
}

/** What the provider has no words for; else undefined. */
function ourWords(error, say) {
  const key = { unreachable: 'unreachable', too_many_request: 'too_many' }[error.code];
  return key && say(key);
}

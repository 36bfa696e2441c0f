// The Connect page: finds out for whom it is, what can be connected, and lets one thing after the other be connected.
import { Serai } from './serai.js';
import { connect } from './connecting.js';
import { announce } from './dom.js';
import { asked, listen, sessionTokens, tell } from './host.js';
import { SAMPLE } from './preview.js';
import { chooser, notice } from './screens.js';
import { chosen, speaking } from './texts.js';
import { dress } from './theme.js';
import { explained } from './troubles.js';

const language = chosen(asked.languages);
const say = speaking(language);
const bar = { back: document.getElementById('back'), close: document.getElementById('close') };
let here = new AbortController(); // where the page is; aborted once it has gone elsewhere
let connecting;

document.documentElement.lang = language;
document.documentElement.dataset.place = asked.embedded ? 'embedded' : asked.framed ? 'over' : 'alone';
document.title = say('title');
bar.back.textContent = say('back');
bar.close.setAttribute('aria-label', say('close'));
dress({}, asked.theme);
announce(say('loading'));

if (asked.framed && !asked.embedded) {
  bar.close.hidden = false;
  bar.close.addEventListener('click', leave);
  addEventListener('keydown', (event) => {
    const composing = event.isComposing || event.keyCode === 229; // Escape is for the word that is being written
    if (event.key === 'Escape' && !event.defaultPrevented && !composing && !connecting?.busy()) leave();
  });
}

if (asked.preview) preview();
else sessionTokens((token) => (token ? go(() => begin(token)) : ended('no_token')));

function preview() {
  listen('settings_changed', ({ payload }) => dressed(payload));
  tell('ready');
  open({ ...SAMPLE, kept: {}, serai: undefined });
}

/** Gives up whatever the page was at; answers the signal of where it is now. */
function elsewhere() {
  here.abort();
  here = new AbortController();
  connecting = undefined;
  return here.signal;
}

/** Goes where `find` leads; it answers what shows the place. If the page has gone elsewhere meanwhile, nothing is shown. */
async function go(find) {
  const signal = elsewhere();
  try {
    const arrive = await find();
    if (!signal.aborted) arrive(signal);
  } catch (error) {
    if (!signal.aborted) failed(error);
  }
}

async function begin(token) {
  // The page's own server and no other, whatever an `apiURL` in the address says: the token goes nowhere else.
  const serai = new Serai({ host: location.origin, sessionToken: token });
  const { data: session } = await get(serai, '/connect/session');
  serai.websocketsPath = session.websocketsPath ?? '/';
  const { data: all } = await get(serai, '/integrations');
  const integrations = all.filter(({ unique_key }) => !session.used_integrations?.includes(unique_key));
  const provider = (name) => get(serai, `/providers/${encodeURIComponent(name)}`);
  return () => {
    dressed(session.connectUISettings);
    open({ serai, session, integrations, provider, kept: {} });
  };
}

async function get(serai, path) {
  return (await serai.request(path, { headers: { 'Accept-Language': language } })).data;
}

function open(world) {
  const { integrations, session } = world;
  if (!integrations.length) return ended(session.used_integrations ? 'expired' : 'empty');
  return integrations.length === 1 ? chose(world, integrations[0], undefined) : choose(world);
}

function choose(world) {
  elsewhere();
  back(undefined);
  chooser(world.integrations, say, (integration) => chose(world, integration, () => choose(world)));
}

function chose(world, integration, home) {
  return go(async () => {
    const { data: provider } = await world.provider(integration.provider);
    return (signal) => {
      const leaving = asked.framed || window.opener ? leave : undefined;
      const on = { world, integration, provider, say, asked, here: signal, back, home, leave: leaving, expired: () => ended('expired') };
      connecting = connect({ ...on, connected: (pending) => connected(world, integration, pending) });
    };
  });
}

/** A session connects each integration once. What leads to the others, if there are any; one that waits stays in the choice. */
function connected(world, integration, pending) {
  const others = world.integrations.filter((one) => one !== integration);
  delete world.kept[integration.unique_key];
  if (!pending) world.integrations = others;
  return others.length ? () => open(world) : undefined;
}

/** What the button at the top does; nothing: it is not there. */
function back(action) {
  bar.back.hidden = !action;
  bar.back.onclick = action ?? null;
}

/** The owner takes its frame away. A window closes itself, if it may: one that a page opened. */
function leave() {
  tell('close');
  if (asked.framed) return;
  window.close();
  setTimeout(() => notice({ kind: 'done', title: say('success_title'), lines: [say('success_leave')] }), 500);
}

function dressed(settings = {}) {
  dress(settings, asked.theme);
  const mark = document.getElementById('watermark');
  mark.hidden = settings.showWatermark === false;
  mark.textContent = say('watermark');
}

/** The end of the road, in the words of `<why>_title` and `<why>_lead` or better ones. */
function ended(why, lead = say(`${why}_lead`), buttons = []) {
  elsewhere();
  back(undefined);
  const kind = why === 'expired' ? 'clock' : 'alert';
  notice({ kind, title: say(`${why}_title`), lines: [lead], buttons });
  tell('error', { errorType: why === 'no_token' ? 'missing_connect_session_token' : why, errorMessage: lead });
}

function failed(error) {
  if (!error.code) reportError(error); // a fault of the page, for whoever looks at its console
  if (error.status === 401) return ended('expired');
  const known = ['unreachable', 'too_many_request', 'generic_error_support'].includes(error.code);
  return ended('failed', known ? explained(error, undefined, '', say).ours : undefined, [[say('again'), () => location.reload()]]);
}

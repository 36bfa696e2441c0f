// The Connect page: finds out for whom it is, what can be connected, and lets one thing be connected.
import { Serai } from './serai.js';
import { connect } from './connecting.js';
import { announce } from './dom.js';
import { asked, listen, sessionToken, tell } from './host.js';
import { SAMPLE } from './preview.js';
import { chooser, notice } from './screens.js';
import { chosen, speaking } from './texts.js';
import { dress } from './theme.js';

const language = chosen(asked.languages);
const say = speaking(language);
const bar = { back: document.getElementById('back'), close: document.getElementById('close') };

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
  addEventListener('keydown', (event) => event.key === 'Escape' && leave());
}

begin().catch((error) => failed(error));

async function begin() {
  if (asked.preview) {
    listen('settings_changed', ({ payload }) => dressed(payload));
    tell('ready');
    return open({ ...SAMPLE, serai: undefined });
  }
  const token = await sessionToken();
  if (!token) return ended('no_token');
  // The page's own server and no other, whatever an `apiURL` in the address says: the token goes nowhere else.
  const serai = new Serai({ host: location.origin, sessionToken: token });
  const { data: session } = await get(serai, '/connect/session');
  serai.websocketsPath = session.websocketsPath ?? '/';
  dressed(session.connectUISettings);
  const { data: integrations } = await get(serai, '/integrations');
  return open({ serai, session, integrations, provider: (name) => get(serai, `/providers/${encodeURIComponent(name)}`) });
}

const get = async (serai, path) => (await serai.request(path, { headers: { 'Accept-Language': language } })).data;

function open(world) {
  const { integrations } = world;
  if (!integrations.length) return ended('empty');
  return integrations.length === 1 ? chose(world, integrations[0], undefined) : choose(world);
}

function choose(world) {
  back(undefined);
  chooser(world.integrations, say, (integration) => chose(world, integration, () => choose(world)).catch(failed));
}

async function chose(world, integration, home) {
  const { data: provider } = await world.provider(integration.provider);
  connect({ world, integration, provider, say, asked, back, home, leave: asked.framed || window.opener ? leave : undefined, expired: () => ended('expired') });
}

/** What the button at the top does; nothing: it is not there. */
function back(action) {
  bar.back.hidden = !action;
  bar.back.onclick = action ?? null;
}

function leave() {
  tell('close');
}

function dressed(settings = {}) {
  dress(settings, asked.theme);
  const mark = document.getElementById('watermark');
  mark.hidden = settings.showWatermark === false;
  mark.textContent = say('watermark');
}

/** The end of the road, in the words of `<why>_title` and `<why>_lead`. */
function ended(why, lead = `${why}_lead`, buttons = []) {
  back(undefined);
  const kind = why === 'expired' ? 'clock' : 'alert';
  notice({ kind, title: say(`${why}_title`), lines: [say(lead)], buttons });
  tell('error', { errorType: why === 'no_token' ? 'missing_connect_session_token' : why, errorMessage: say(lead) });
}

function failed(error) {
  if (error.status === 401) return ended('expired');
  const lead = { unreachable: 'unreachable', too_many_request: 'too_many' }[error.code];
  return ended('failed', lead, [[say('again'), () => location.reload()]]);
}

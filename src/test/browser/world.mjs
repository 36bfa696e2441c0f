// The Serai that is walked, as a backend sees it, and a customer's site that connects with it.
import { readFile } from 'node:fs/promises';
import http from 'node:http';

const { SERAI_URL, SERAI_KEY, HELPDESK_URL } = process.env;

// The customer's own site: another origin, with the published frontend SDK and Serai's module.
const SITE = `<!doctype html><html lang="en"><title>Site</title><button>Go</button><script type="module">
import Nango from '/sdk/index.js';
import { Serai } from '${SERAI_URL}/sdk/serai.js';
Object.assign(window, { Nango, Serai, events: [] });
document.querySelector('button').onclick = () => {
  window.outcome = window.go().then((is) => ({ is }), (error) => ({ error: error.type ?? error.code, message: error.message }));
};
</script></html>`;
const site = http.createServer(async (request, answer) => {
  const module = /^\/sdk\/(\w+\.js)$/.exec(request.url)?.[1];
  const body = module ? await readFile(new URL(`./node_modules/@nangohq/frontend/dist/${module}`, import.meta.url)) : SITE;
  answer.writeHead(200, { 'Content-Type': module ? 'text/javascript' : 'text/html' }).end(body);
});
await new Promise((listening) => site.listen(0, '127.0.0.1', listening));
export const SITE_URL = `http://127.0.0.1:${site.address().port}/`;
export const closeSite = () => site.close();

export async function api(method, path, body, headers = {}) {
  const answer = await fetch(SERAI_URL + path, {
    method,
    headers: { Authorization: `Bearer ${SERAI_KEY}`, ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    body: body && JSON.stringify(body),
  });
  const json = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

const settled = (key) => ({ [key]: { connection_config: { url: HELPDESK_URL } } });
const issued = async (more) => (await api('POST', '/connect/sessions', { end_user: { id: 'walker' }, ...more })).data;
export const session = (...keys) => issued({ allowed_integrations: keys, integrations_config_defaults: Object.assign({}, ...keys.map(settled)) });
/** Nothing is decided: the page asks for the helpdesk's address too. */
export const asking = (...keys) => issued({ allowed_integrations: keys });
export const reconnecting = async (connectionId, more = {}) =>
  (await api('POST', '/connect/sessions/reconnect', { connection_id: connectionId, integration_id: 'desk', end_user: { id: 'walker' }, ...more })).data;
export const connections = async () => (await api('GET', '/connections')).connections.map((one) => one.connection_id);

export async function records(connectionId) {
  const where = { 'Provider-Config-Key': 'desk', 'Connection-Id': connectionId };
  return (await api('GET', '/records?model=Ticket&limit=100', undefined, where).catch(() => ({ records: [] }))).records.length;
}

export async function until(what, probe, every = 50) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const found = await probe();
    if (found) return found;
    await new Promise((later) => setTimeout(later, every));
  }
  throw new Error(`waited half a minute for ${what}`);
}

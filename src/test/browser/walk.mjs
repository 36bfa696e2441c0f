// Walks the Connect page of a running Serai in a real browser, as a customer does. Run by ConnectWalkTest.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import http from 'node:http';
import { chromium } from 'playwright-core';

const { SERAI_URL, SERAI_KEY, HELPDESK_URL, HELPDESK_KEY, CHROME, PICTURES } = process.env;
const AXE = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const FIVE_SECONDS = 5_000;

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
const SITE_URL = `http://127.0.0.1:${site.address().port}/`;

const browser = await chromium.launch({ executablePath: CHROME, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const contexts = {};
for (const colorScheme of ['light', 'dark']) {
  contexts[colorScheme] = await browser.newContext({ colorScheme, locale: 'en-GB', viewport: { width: 900, height: 720 } });
}
if (PICTURES) await mkdir(PICTURES, { recursive: true });

let failed = 0;
async function step(name, work) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) return;
  const pages = [];
  const complaints = [];
  try {
    const figure = await work((page) => {
      pages.push(page);
      page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
      page.on('pageerror', (error) => complaints.push(String(error)));
      page.setDefaultTimeout(15_000);
      return page;
    }, complaints);
    // What a refusal's status makes the browser print is no fault of the page.
    const faults = complaints.filter((text) => !/Failed to load resource/.test(text));
    assert.deepEqual(faults, [], 'the browser complains');
    console.log(`ok     ${name}${figure ? `: ${figure}` : ''}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.message}\n       console: ${complaints.join(' | ')}`);
    for (const [index, page] of pages.entries()) {
      if (PICTURES) await page.screenshot({ path: `${PICTURES}/failed-${failed}-${index}.png` }).catch(() => {});
    }
  } finally {
    for (const page of pages) await page.close().catch(() => {});
  }
}

async function api(method, path, body, headers = {}) {
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
const session = async (...keys) =>
  (await api('POST', '/connect/sessions', {
    end_user: { id: 'walker' }, allowed_integrations: keys, integrations_config_defaults: Object.assign({}, ...keys.map(settled)),
  })).data;
const reconnecting = async (connectionId) =>
  (await api('POST', '/connect/sessions/reconnect', { connection_id: connectionId, integration_id: 'desk', end_user: { id: 'walker' } })).data;
const connections = async () => (await api('GET', '/connections')).connections.map((one) => one.connection_id);

async function records(connectionId) {
  const where = { 'Provider-Config-Key': 'desk', 'Connection-Id': connectionId };
  return (await api('GET', '/records?model=Ticket&limit=100', undefined, where).catch(() => ({ records: [] }))).records.length;
}

async function until(what, probe, every = 50) {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const found = await probe();
    if (found) return found;
    await new Promise((later) => setTimeout(later, every));
  }
  throw new Error(`waited half a minute for ${what}`);
}

async function fresh(tracked, address, scheme = 'light') {
  const page = tracked(await contexts[scheme].newPage());
  await page.goto(address);
  return page;
}

const heading = (page, text) => page.getByRole('heading', { level: 1, name: text }).waitFor();

const seen = new Set();
/** Looks at the page with axe, which runs in a world of its own past the page's policy, in light and dark; keeps pictures. */
async function look(page, name) {
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(80);
    const client = await page.context().newCDPSession(page);
    const { frameTree } = await client.send('Page.getFrameTree');
    const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' });
    await client.send('Runtime.evaluate', { expression: AXE, contextId: executionContextId });
    const { result, exceptionDetails } = await client.send('Runtime.evaluate', {
      expression: `axe.run(document).then(({ violations }) => JSON.stringify(violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes.map((n) => n.html + ' ' + n.failureSummary) }))))`,
      contextId: executionContextId, awaitPromise: true, returnByValue: true,
    });
    await client.detach();
    assert.equal(exceptionDetails, undefined, 'axe ran');
    const found = JSON.parse(result.value);
    const grave = found.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    assert.deepEqual(grave, [], `axe: ${name}, ${scheme}`);
    seen.add(`${name} ${scheme}`);
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${scheme}.png` });
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

/** Presses the page's button and answers the window it opens, at the helpdesk's question. */
async function popupOf(page, button) {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: button }).click()]);
  await popup.getByRole('button', { name: 'Allow' }).waitFor();
  return popup;
}

async function decide(popup, account, decision = 'Allow') {
  await popup.getByLabel(new RegExp(account, 'i')).check();
  const clicked = Date.now();
  await popup.getByRole('button', { name: decision }).click();
  return clicked;
}

const CONTINUE = /^Continue to/;
const APP = { type: 'OAUTH2', client_id: 'serai-sample', client_secret: 'sample-client-secret', webhook_secret: 'sample-webhook-secret' };
for (const [unique_key, display_name] of [['desk', 'Helpdesk'], ['desk-two', 'Second helpdesk']]) {
  await api('POST', '/integrations', { provider: 'sample', unique_key, display_name, credentials: APP });
}

let alice;
await step('the popup connects, and the records come', async (tracked) => {
  const before = await connections();
  const page = await fresh(tracked, (await session('desk')).connect_link);
  await heading(page, 'Connect Helpdesk');
  assert.equal(new URL(page.url()).searchParams.get('session_token'), null, 'the token is out of the address bar');
  await look(page, 'connect');
  const popup = await popupOf(page, CONTINUE);
  await heading(page, 'Continue in the other window');
  await look(page, 'waiting');
  if (PICTURES) await popup.screenshot({ path: `${PICTURES}/consent.png` });
  const clicked = await decide(popup, 'alice');
  alice = await until('the connection', async () => (await connections()).find((id) => !before.includes(id)), 20);
  const connected = Date.now() - clicked;
  await until('the first records', () => records(alice), 20);
  const first = Date.now() - clicked;
  await heading(page, 'You are connected');
  await until('the popup to close', () => popup.isClosed());
  await look(page, 'success');
  const all = await until('every first page of records', async () => ((await records(alice)) >= 100 ? 100 : 0));
  assert.ok(first < FIVE_SECONDS, `${first} ms until the first records`);
  return `${connected} ms from Allow to the connection, ${first} ms to the first records (${all} in the first page)`;
});

await step('several integrations are offered to choose from, and Back leads back', async (tracked) => {
  const page = await fresh(tracked, (await session('desk', 'desk-two')).connect_link);
  await heading(page, 'What would you like to connect?');
  await look(page, 'choose');
  await page.getByRole('button', { name: 'Second helpdesk' }).click();
  await heading(page, 'Connect Second helpdesk');
  await page.getByRole('button', { name: 'Back' }).click();
  await heading(page, 'What would you like to connect?');
});

await step('a wrong key is explained at the form, and the right one connects', async (tracked) => {
  const before = await connections();
  const page = await fresh(tracked, (await session('desk')).connect_link);
  await page.getByText('API key', { exact: true }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('alert').getByText('missing').waitFor();
  await look(page, 'missing');
  const field = page.locator('input[name=apiKey]');
  await field.fill('a-wrong-key');
  await look(page, 'form');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.getByRole('alert').getByText('could not be connected').waitFor();
  await look(page, 'wrong-key');
  assert.deepEqual(await connections(), before, 'nothing was made');
  await field.fill(HELPDESK_KEY);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await heading(page, 'You are connected');
  assert.equal((await connections()).length, before.length + 1);
});

await step('a denied consent is said plainly, and trying again connects', async (tracked) => {
  const page = await fresh(tracked, (await session('desk')).connect_link);
  await decide(await popupOf(page, CONTINUE), 'bob', 'Deny');
  await heading(page, /could not be connected/);
  await page.getByText('Access was not allowed. Nothing was connected.', { exact: true }).waitFor();
  await look(page, 'denied');
  await decide(await popupOf(page, 'Try again'), 'bob');
  await heading(page, 'You are connected');
});

await step('a closed window is noticed, and trying again connects', async (tracked) => {
  const page = await fresh(tracked, (await session('desk')).connect_link);
  await (await popupOf(page, CONTINUE)).close();
  await heading(page, 'The window was closed');
  await look(page, 'closed');
  await decide(await popupOf(page, 'Try again'), 'bob');
  await heading(page, 'You are connected');
});

await step('a window that the browser blocks is explained', async (tracked) => {
  const page = tracked(await contexts.light.newPage());
  await page.addInitScript(() => (window.open = () => null));
  await page.goto((await session('desk')).connect_link);
  await page.getByRole('button', { name: CONTINUE }).click();
  await heading(page, 'The window was blocked');
  await look(page, 'blocked');
});

await step('a reconnect asks again and keeps the connection', async (tracked) => {
  const before = await connections();
  const page = await fresh(tracked, (await reconnecting(alice)).connect_link);
  await heading(page, 'Reconnect Helpdesk');
  await look(page, 'reconnect');
  await decide(await popupOf(page, CONTINUE), 'alice');
  await heading(page, 'You are connected');
  assert.deepEqual((await connections()).sort(), before.sort());
});

await step('another account at a reconnect is asked about, and taken only when confirmed', async (tracked) => {
  const page = await fresh(tracked, (await reconnecting(alice)).connect_link);
  await decide(await popupOf(page, CONTINUE), 'carol');
  await heading(page, 'This is another account');
  await look(page, 'differs');
  await decide(await popupOf(page, 'Use the new account'), 'carol');
  await heading(page, 'You are connected');
});

await step('an expired or missing token is said plainly', async (tracked) => {
  const unknown = await fresh(tracked, `${SERAI_URL}/connect/?session_token=nango_connect_session_${'0'.repeat(64)}`);
  await heading(unknown, 'This link has expired');
  await look(unknown, 'expired');
  await heading(await fresh(tracked, `${SERAI_URL}/connect/`), 'Something is missing here');
});

await step('it fits a narrow screen', async (tracked) => {
  const page = await fresh(tracked, (await session('desk')).connect_link);
  await page.setViewportSize({ width: 320, height: 640 });
  await page.getByText('API key', { exact: true }).click();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} pixels too wide`);
  await look(page, 'narrow');
});

/** The customer's site, where pressing Go does what `go` says with the session's token. */
async function siteWith(tracked, go) {
  const page = await fresh(tracked, SITE_URL);
  await page.waitForFunction(() => window.Serai);
  const { token } = await session('desk');
  await page.evaluate(`window.go = async () => { const host = ${JSON.stringify(SERAI_URL)}, token = ${JSON.stringify(token)}; ${go} }`);
  return page;
}
const outcome = (page) => page.evaluate(() => window.outcome);
const eventsOf = (page) => page.evaluate(() => events.map(({ type }) => type));

for (const [library, made] of [
  ['the published SDK', 'new Nango({ host, connectSessionToken: token })'],
  ['Serai\'s own module', 'new Serai({ host, sessionToken: token })'],
]) {
  await step(`another site connects with ${library}: by popup`, async (tracked) => {
    const page = await siteWith(tracked, `return ${made}.auth('desk')`);
    await decide(await popupOf(page, 'Go'), 'bob');
    const { is } = await outcome(page);
    assert.equal(is?.providerConfigKey, 'desk');
    assert.ok((await connections()).includes(is.connectionId));
  });

  await step(`another site connects with ${library}: by a key, and is told when it is wrong`, async (tracked) => {
    const page = await siteWith(tracked, `return ${made}.auth('desk', { credentials: { apiKey: window.key } })`);
    const press = async (key) => {
      await page.evaluate((key) => (window.key = key), key);
      await page.getByRole('button', { name: 'Go' }).click();
      return outcome(page);
    };
    assert.equal((await press('a-wrong-key')).error, 'connection_test_failed');
    const { is } = await press(HELPDESK_KEY);
    assert.ok((await connections()).includes(is?.connectionId));
  });
}

for (const [library, opens] of [
  ['the published SDK', 'new Nango({ host }).openConnectUI({ baseURL: host + "/connect", apiURL: host, sessionToken: token, onEvent: (event) => events.push(event) })'],
  ['Serai\'s own module', 'new Serai({ host }).openConnect({ sessionToken: token, onEvent: (event) => events.push(event) })'],
]) {
  await step(`another site shows the page over itself with ${library}`, async (tracked) => {
    const page = await siteWith(tracked, `${opens}; return 1`);
    await page.getByRole('button', { name: 'Go' }).click();
    const frame = page.frameLocator('iframe');
    await frame.getByRole('heading', { level: 1, name: 'Connect Helpdesk' }).waitFor();
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/over-${library.length}.png` });
    const [popup] = await Promise.all([page.waitForEvent('popup'), frame.getByRole('button', { name: CONTINUE }).click()]);
    await decide(popup, 'bob');
    await frame.getByRole('heading', { level: 1, name: 'You are connected' }).waitFor();
    await frame.getByRole('button', { name: 'Done' }).click();
    await page.locator('iframe').waitFor({ state: 'detached' });
    const told = await eventsOf(page);
    assert.deepEqual(told.filter((type) => type !== 'ready'), ['connect', 'close']);
  });
}

console.log(`axe: no serious or critical finding in ${seen.size} states`);
console.log(`failed: ${failed}`);
await browser.close();
site.close();
process.exit(failed ? 1 : 0);

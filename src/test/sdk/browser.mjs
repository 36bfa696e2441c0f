// Serai's own module on a customer's site in a real browser, over connections that break. Run by SeraiModuleBrowserTest.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { chromium } from 'playwright-core';

const { SERAI_URL, SERAI_KEY, HELPDESK_URL, WEBHOOK_PORT, CHROME } = process.env;

const SITE = `<!doctype html><html lang="en"><title>Site</title><main><button>Connect</button><input></main><aside inert>Away</aside><script type="module">
import Nango from '/sdk/index.js';
import { Serai } from '${SERAI_URL}/sdk/serai.js';
Object.assign(window, { Nango, Serai, events: [] });
</script></html>`;
const site = http.createServer(async (request, answer) => {
  const module = /^\/sdk\/(\w+\.js)$/.exec(request.url)?.[1];
  const body = module ? await readFile(new URL(`./node_modules/@nangohq/frontend/dist/${module}`, import.meta.url)) : SITE;
  answer.writeHead(200, { 'Content-Type': module ? 'text/javascript' : 'text/html' }).end(body);
}).listen(0, '127.0.0.1');
await once(site, 'listening');
const SITE_URL = `http://127.0.0.1:${site.address().port}/`;

const backend = http.createServer((request, answer) => request.resume().on('end', () => answer.writeHead(204).end())).listen(Number(WEBHOOK_PORT), '127.0.0.1');

async function api(method, path, body) {
  const answer = await fetch(SERAI_URL + path, {
    method, headers: { Authorization: `Bearer ${SERAI_KEY}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body),
  });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}
await api('POST', '/integrations', {
  provider: 'sample', unique_key: 'desk', display_name: 'Helpdesk',
  credentials: { type: 'OAUTH2', client_id: 'serai-sample', client_secret: 'sample-client-secret', webhook_secret: 'sample-webhook-secret' },
});

let users = 0;
/** A session of a new end user, by whom the connection that it makes is found. */
async function session() {
  const user = `user-${++users}`;
  const { data } = await api('POST', '/connect/sessions', {
    end_user: { id: user }, allowed_integrations: ['desk'], integrations_config_defaults: { desk: { connection_config: { url: HELPDESK_URL } } },
  });
  const connection = async () => (await api('GET', `/connections?endUserId=${user}`)).connections[0]?.connection_id;
  return { token: data.token, link: data.connect_link, connection };
}

const browser = await chromium.launch({ executablePath: CHROME, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
let failed = 0;
async function step(name, work) {
  if (process.env.ONLY && !name.includes(process.env.ONLY)) return;
  const context = await browser.newContext({ locale: 'en-GB' });
  context.setDefaultTimeout(15_000);
  try {
    await work(async (address = SITE_URL) => {
      const page = await context.newPage();
      await page.goto(address);
      if (address === SITE_URL) await page.waitForFunction(() => window.Serai);
      else await page.evaluate(async () => Object.assign(window, await import('/sdk/serai.js')));
      return page;
    }, context);
    console.log(`ok     ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.stack}`);
  } finally {
    await context.close();
  }
}

/** The page's WebSocket tells its id and nothing else. Answers that id, once it is known, and what cuts the socket. */
async function deaf(page) {
  const known = {};
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    known.cut = () => Promise.all([socket.close(), server.close()]);
    socket.onMessage(() => {});
    server.onMessage((text) => {
      const frame = JSON.parse(text);
      if (frame.message_type !== 'connection_ack') return;
      known.id = frame.ws_client_id;
      socket.send(text);
    });
  });
  return known;
}

/** On its way to the provider the window is cut off from whoever opened it, as a provider's own headers do. */
async function severed(context) {
  await context.route(`${SERAI_URL}/oauth/connect/**`, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    await route.fulfill({ response, headers: { ...response.headers(), 'cross-origin-opener-policy': 'same-origin' } });
  });
}

const LIBRARIES = { serai: '({ host, token }) => new Serai({ host, sessionToken: token })', nango: '({ host, token }) => new Nango({ host, connectSessionToken: token })' };
/** What a promise of the page comes to, if it does so within half a minute. */
const bounded = (page, name) => page.evaluate(
  (name) => Promise.race([window[name], new Promise((later) => setTimeout(later, 30_000, { error: 'nothing', message: `waited half a minute for ${name}` }))]), name);
/** Begins to connect: answers the popup at the helpdesk's question, and `outcome`. */
async function begin(page, { token }, options = {}, library = 'serai') {
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate(`{
      const options = ${JSON.stringify(options)};
      window.looksClosed = new Promise((closed) => (options.onPopupClosed = closed));
      window.outcome = (${LIBRARIES[library]})(${JSON.stringify({ host: SERAI_URL, token })}).auth('desk', options)
        .then((is) => ({ is }), (error) => ({ error: error.type ?? error.code, message: error.message }));
      undefined;
    }`),
  ]);
  await popup.getByRole('button', { name: 'Allow' }).waitFor();
  return { popup, outcome: () => bounded(page, 'outcome') };
}
async function decide(popup, decision = 'Allow') {
  await popup.getByLabel(/alice/i).check();
  await popup.getByRole('button', { name: decision }).click();
}
async function connected(asked, outcome) {
  const { is, error, message } = await outcome();
  assert.equal(error, undefined, message);
  assert.deepEqual(is, { providerConfigKey: 'desk', connectionId: await asked.connection(), isPending: false });
  assert.ok(is.connectionId);
}

for (const library of ['nango', 'serai']) {
  await step(`eight logins with ${library} are told before their popup counts as closed`, async (open) => {
    const page = await open();
    for (let login = 0; login < 8; login++) {
      const asked = await session();
      const { popup, outcome } = await begin(page, asked, { detectClosedAuthWindow: true }, library);
      await decide(popup);
      await connected(asked, outcome);
    }
  });
}

await step('a socket that was cut on the way loses nothing', async (open) => {
  const page = await open();
  const socket = await deaf(page);
  const asked = await session();
  const { popup, outcome } = await begin(page, asked, { detectClosedAuthWindow: true });
  await socket.cut();
  await decide(popup);
  await connected(asked, outcome);
});
await step('a socket that is dead without anybody noticing loses nothing', async (open) => {
  const page = await open();
  await deaf(page);
  const asked = await session();
  const { popup, outcome } = await begin(page, asked, { detectClosedAuthWindow: true });
  await decide(popup);
  await connected(asked, outcome);
});
await step('a no at the provider comes over a dead socket, too', async (open) => {
  const page = await open();
  await deaf(page);
  const { popup, outcome } = await begin(page, await session());
  await decide(popup, 'Deny');
  assert.equal((await outcome()).error, 'connection_validation_failed');
});
await step('a window that is closed over a cut socket ends it', async (open) => {
  const page = await open();
  const socket = await deaf(page);
  const { popup, outcome } = await begin(page, await session());
  await socket.cut();
  await popup.close();
  assert.equal((await outcome()).error, 'unreachable');
});
await step('a socket that is cut after the window was closed ends it', async (open) => {
  const page = await open();
  const socket = await deaf(page);
  const { popup, outcome } = await begin(page, await session());
  await popup.close();
  assert.equal(await bounded(page, 'looksClosed'), undefined, 'it looks closed');
  await socket.cut();
  assert.equal((await outcome()).error, 'unreachable');
});
await step('a login from another browser is said by the popup', async (open, context) => {
  const page = await open();
  const { popup, outcome } = await begin(page, await session());
  await context.clearCookies();
  await decide(popup);
  assert.equal((await outcome()).error, 'state_cookie_err');
});

await step('nobody but the popup and Serai can say that it is connected', async (open) => {
  const page = await open();
  const socket = await deaf(page);
  const asked = await session();
  const { popup, outcome } = await begin(page, asked);
  const forged = (wsClientId) => ({ type: 'nango_oauth_callback_success', payload: { wsClientId, providerConfigKey: 'desk', connectionId: 'forged', isPending: false } });
  await page.evaluate((message) => {
    postMessage(message, '*');
    new BroadcastChannel('nango-oauth-callback').postMessage(message);
    document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: `<script>parent.postMessage(${JSON.stringify(message)}, '*')</script>` }));
  }, forged(socket.id));
  // The popup itself, at the provider, whose origin is another one.
  await popup.evaluate((message) => opener.postMessage(message, '*'), forged(socket.id));
  await decide(popup);
  await connected(asked, outcome);
});
await step('on a page of Serai a window that its provider has cut off is heard over a dead socket', async (open, context) => {
  await severed(context);
  const asked = await session();
  const page = await open(asked.link);
  const socket = await deaf(page);
  const { popup, outcome } = await begin(page, asked);
  await socket.cut();
  assert.equal(await bounded(page, 'looksClosed'), undefined, 'it looks closed');
  assert.equal(popup.isClosed(), false, 'it only looks closed');
  await decide(popup);
  await connected(asked, outcome);
});
await step('two logins at once are never mixed up', async (open, context) => {
  await severed(context);
  const [first, second] = [await session(), await session()];
  const [one, other] = [await open(first.link), await open(second.link)];
  const sockets = [await deaf(one), await deaf(other)];
  const begun = [await begin(one, first), await begin(other, second)];
  for (const socket of sockets) await socket.cut();
  await decide(begun[1].popup);
  await connected(second, begun[1].outcome);
  await decide(begun[0].popup);
  await connected(first, begun[0].outcome);
});

const eventsOf = (page) => page.evaluate(() => events.map(({ type }) => type));
async function shown(page, asked, options) {
  await page.evaluate(`window.opened = new Serai({ host: ${JSON.stringify(SERAI_URL)} }).openConnect({ ...${JSON.stringify(options)}, onEvent: (event) => events.push(event) });
    opened.setSessionToken(${JSON.stringify(asked.token)})`);
}
await step('the page over another is a dialog that takes the focus and gives it back', async (open) => {
  const page = await open();
  const before = await page.evaluate(() => (document.querySelector('button').focus(), document.body.outerHTML));
  await shown(page, await session(), { lang: 'de-CH' });
  await page.getByRole('dialog', { name: 'Verbinden' }).waitFor();
  await page.frameLocator('iframe[title=Verbinden]').getByRole('heading', { level: 1, name: /Helpdesk/ }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement.localName);
  assert.equal(await focused(), 'iframe');
  assert.equal(await page.evaluate(() => (document.querySelector('input').focus(), document.activeElement.localName)), 'iframe', 'the page behind is inert');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(), 'button');
  assert.equal(await page.evaluate(() => document.body.outerHTML), before);
  assert.deepEqual(await eventsOf(page), ['ready', 'close']);
});
await step('the page over another speaks the language of the browser and is closed by its owner', async (open) => {
  const page = await open();
  await page.getByRole('textbox').focus();
  await shown(page, await session(), {});
  await page.getByRole('dialog', { name: 'Connect', exact: true }).waitFor();
  await page.evaluate(() => opened.close());
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'input');
  assert.equal(await page.locator('dialog').count(), 0);
});
await step('a window of its own is given the token when it is ready, and says that it was closed', async (open) => {
  const page = await open();
  const [window] = await Promise.all([page.waitForEvent('popup'), session().then((asked) => shown(page, asked, { mode: 'window' }))]);
  await window.getByRole('heading', { level: 1, name: 'Connect Helpdesk' }).waitFor();
  await window.close();
  await page.waitForFunction(() => events.at(-1)?.type === 'close');
  assert.deepEqual(await eventsOf(page), ['ready', 'close']);
});

console.log(failed ? `${failed} failed` : 'all passed');
await browser.close();
site.close();
backend.close();
process.exit(failed ? 1 : 0);

// Walks the Connect page of a running Serai in a real browser, as a customer does. Run by ConnectWalkTest.
import assert from 'node:assert/strict';
import { CONTINUE, decide, heading, popupOf } from './hands.mjs';
import { browser, fresh, look, picture, step, tally } from './looking.mjs';
import { everyMishap } from './mishaps.mjs';
import { everyPlace } from './places.mjs';
import { everyReader } from './readers.mjs';
import { SITE_URL, api, closeSite, connections, reconnecting, records, session, until } from './world.mjs';

const { SERAI_URL, HELPDESK_KEY } = process.env;
const KEY_DESKS = ['key-desk', 'far-desk'];
const FIVE_SECONDS = 5_000;

const APP = { type: 'OAUTH2', client_id: 'serai-sample', client_secret: 'sample-client-secret', webhook_secret: 'sample-webhook-secret' };
for (const [unique_key, display_name] of [['desk', 'Helpdesk'], ['desk-two', 'Second helpdesk']]) {
  await api('POST', '/integrations', { provider: 'sample', unique_key, display_name, credentials: APP });
}
for (const name of KEY_DESKS) await api('POST', '/integrations', { provider: name, unique_key: name });

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
  await picture(popup, 'consent');
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
  const page = await fresh(tracked);
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

await step('another account is not offered where the backend takes none', async (tracked) => {
  const page = await fresh(tracked, (await reconnecting(alice, { confirm_account_change: false })).connect_link);
  await decide(await popupOf(page, CONTINUE), 'bob');
  await heading(page, 'This is another account');
  await page.locator('.lead').getByText('this link takes only the same one').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Use the new account' }).count(), 0);
  await look(page, 'differs-only');
  await decide(await popupOf(page, 'Sign in with the first account'), 'carol');
  await heading(page, 'You are connected');
});

await step('an expired or missing token is said plainly', async (tracked) => {
  const unknown = await fresh(tracked, `${SERAI_URL}/connect/?session_token=nango_connect_session_${'0'.repeat(64)}`);
  await heading(unknown, 'This link no longer works');
  await look(unknown, 'expired');
  const none = await fresh(tracked, `${SERAI_URL}/connect/`);
  await heading(none, 'Something is missing here');
  await look(none, 'no-token');
});

await step('a link that was used connects nothing more', async (tracked) => {
  const link = (await session('desk')).connect_link;
  const second = await fresh(tracked, link);
  await heading(second, 'Connect Helpdesk');
  const first = await fresh(tracked, link);
  await decide(await popupOf(first, CONTINUE), 'bob');
  await heading(first, 'You are connected');
  const made = await connections();
  await second.getByRole('button', { name: CONTINUE }).click();
  await heading(second, 'This link no longer works');
  await heading(await fresh(tracked, link), 'This link no longer works');
  assert.deepEqual(await connections(), made);
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
    await picture(page, `over-${library.length}`);
    const [popup] = await Promise.all([page.waitForEvent('popup'), frame.getByRole('button', { name: CONTINUE }).click()]);
    await decide(popup, 'bob');
    await frame.getByRole('heading', { level: 1, name: 'You are connected' }).waitFor();
    await frame.getByRole('button', { name: 'Done' }).click();
    await page.locator('iframe').waitFor({ state: 'detached' });
    const told = await eventsOf(page);
    assert.deepEqual(told.filter((type) => type !== 'ready'), ['connect', 'close']);
  });
}

await everyMishap();
await everyPlace();
await everyReader();

console.log(`axe: no serious or critical finding in ${tally.seen.size} states`);
console.log(`failed: ${tally.failed}`);
await browser.close();
closeSite();
process.exit(tally.failed ? 1 : 0);

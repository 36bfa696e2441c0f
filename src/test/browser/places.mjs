// Where the page stands: in a frame, in a window, with much or nothing to choose from. Walked by walk.mjs.
import assert from 'node:assert/strict';
import { CONTINUE, decide, enterKey, heading, popupsEndWith } from './hands.mjs';
import { fresh, look, step } from './looking.mjs';
import { SITE_URL, api, connections, session, until } from './world.mjs';

const { SERAI_URL, HELPDESK_KEY, HELPDESK_URL } = process.env;
const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const MANY = ['Calendar', 'Chat', 'Mail', 'Wiki'];

export async function everyPlace() {
  await step('a session for two connects one after the other, and leaves out what is connected', oneAfterTheOther);
  await step('a window that a site opened is closed by Done', doneCloses);
  await step('of many integrations one is found by its name, in a frame, where Escape first empties the search', search);
  await step('Escape closes nothing while a word is written or a popup is open', escape);
  await step('a token that comes late or anew begins anew', lateToken);
  await step('nothing to connect, and an approval that is waited for, are said plainly', quietEnds);
  await step('the popup\'s own pages are looked at', resultPages);
}

async function oneAfterTheOther(tracked) {
  const { connect_link: link } = await session('desk', 'desk-two');
  const page = await fresh(tracked, link);
  await page.getByRole('button', { name: 'Second helpdesk' }).click();
  await enterKey(page, HELPDESK_KEY);
  await heading(page, 'You are connected');
  await look(page, 'another');
  await heading(await fresh(tracked, link), 'Connect Helpdesk');
  await page.getByRole('button', { name: 'Connect another' }).click();
  await heading(page, 'Connect Helpdesk');
  await enterKey(page, HELPDESK_KEY);
  await heading(page, 'You are connected');
  assert.equal(await page.getByRole('button', { name: 'Connect another' }).count(), 0);
}

async function doneCloses(tracked) {
  const { connect_link: link } = await session('desk');
  const site = await fresh(tracked, SITE_URL);
  const [page] = await Promise.all([site.waitForEvent('popup'), site.evaluate((link) => void window.open(link), link)]);
  await enterKey(page, HELPDESK_KEY);
  await heading(page, 'You are connected');
  await page.getByRole('button', { name: 'Done' }).click();
  await until('the window to close', () => page.isClosed());
}

/** The customer's site with the page over it, by Serai's module; `window.over` is what that answers. */
async function over(tracked, token, prepare = () => {}) {
  const page = await fresh(tracked, SITE_URL);
  await prepare(page);
  await page.waitForFunction(() => window.Serai);
  await page.evaluate(([host, sessionToken]) => {
    window.over = new Serai({ host }).openConnect({ sessionToken, onEvent: (event) => events.push(event) });
  }, [SERAI_URL, token]);
  return { page, frame: page.frameLocator('iframe') };
}
const title = (frame, name) => frame.getByRole('heading', { level: 1, name }).waitFor();

async function search(tracked) {
  for (const name of MANY) {
    await api('POST', '/integrations', { provider: 'key-desk', unique_key: name.toLowerCase(), display_name: name });
  }
  const { token } = await session('desk', 'desk-two', ...MANY.map((name) => name.toLowerCase()));
  const { page, frame } = await over(tracked, token);
  await title(frame, 'What would you like to connect?');
  await look(page, 'search', { framed: true });
  const field = frame.getByRole('searchbox', { name: 'Search' });
  await field.fill('wi');
  assert.equal(await frame.getByRole('listitem').count(), 1);
  assert.equal(await frame.locator('#live').textContent(), '1 found');
  await field.fill('nowhere');
  await look(page, 'search-nothing', { framed: true });
  await field.press('Escape');
  assert.equal(await field.inputValue(), '');
  assert.equal(await frame.getByRole('listitem').count(), 6);
  await field.press('Escape');
  await page.locator('iframe').waitFor({ state: 'detached' });
}

async function escape(tracked) {
  const { page, frame } = await over(tracked, (await session('desk')).token);
  await title(frame, 'Connect Helpdesk');
  await look(page, 'framed', { framed: true });
  await frame.locator('h1').evaluate((at) => at.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true })));
  const [popup] = await Promise.all([page.waitForEvent('popup'), frame.getByRole('button', { name: CONTINUE }).click()]);
  await title(frame, 'Continue in the other window');
  await frame.getByRole('button', { name: 'Cancel' }).press('Escape');
  await decide(popup, 'bob');
  await title(frame, 'You are connected');
  await frame.locator('h1').press('Escape');
  await page.locator('iframe').waitFor({ state: 'detached' });
}

async function lateToken(tracked) {
  const { page, frame } = await over(tracked, undefined, (page) => page.clock.install());
  await until('the page to ask for its token', () => page.evaluate(() => events.some(({ type }) => type === 'ready')));
  await page.clock.fastForward(10_000);
  await title(frame, 'Something is missing here');
  const bring = (token) => page.evaluate((token) => window.over.setSessionToken(token), token);
  await bring((await session('desk')).token);
  await title(frame, 'Connect Helpdesk');
  await bring((await session('desk-two')).token);
  await title(frame, 'Connect Second helpdesk');
}

async function quietEnds(tracked) {
  const empty = await fresh(tracked);
  await empty.route('**/integrations', (route) => route.fulfill({ json: { data: [] } }));
  await empty.goto((await session('desk')).connect_link);
  await heading(empty, 'Nothing to connect yet');
  await look(empty, 'empty');

  const broken = await fresh(tracked);
  const error = { code: 'generic_error_support', message: `An error occurred. Please contact support with this unique id: ${ID}` };
  await broken.route('**/integrations', (route) => route.fulfill({ status: 500, json: { error } }));
  await broken.goto((await session('desk')).connect_link);
  await heading(broken, 'That did not work');
  await broken.locator('.lead').getByText(`Give support this number: ${ID}`).waitFor();

  const page = await fresh(tracked);
  await popupsEndWith(page, { message_type: 'success', provider_config_key: 'desk', connection_id: 'c1', is_pending: true });
  await page.goto((await session('desk')).connect_link);
  await page.getByRole('button', { name: CONTINUE }).click();
  await heading(page, 'Almost done');
  await look(page, 'pending');
}

/** In a tab of its own, which nobody may close but the customer. */
async function resultPages(tracked) {
  const failed = await fresh(tracked, `${SERAI_URL}/oauth/callback?state=made-up`);
  await look(failed, 'result-failed');
  const before = await connections();
  const tab = await fresh(tracked);
  const { token } = await session('desk');
  await tab.goto(`${SERAI_URL}/oauth/connect/desk?connect_session_token=${token}&params%5Burl%5D=${encodeURIComponent(HELPDESK_URL)}`);
  await decide(tab, 'bob');
  await until('the connection', async () => (await connections()).length > before.length);
  await tab.waitForURL(/oauth\/callback/);
  await look(tab, 'result-done');
}

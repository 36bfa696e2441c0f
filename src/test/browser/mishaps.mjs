// What goes wrong on the way, and that nothing typed is lost by it. Walked by walk.mjs.
import assert from 'node:assert/strict';
import { CONTINUE, enterKey, heading, popupOf, popupsEndWith } from './hands.mjs';
import { fresh, look, step } from './looking.mjs';
import { asking, session, until } from './world.mjs';

const { HELPDESK_KEY, HELPDESK_URL } = process.env;
const SECRET = '0123456789abcdef0123456789abcdef';

export async function everyMishap() {
  await step('a key of an id and a secret arrives whole, and a wrong id is marked at its field in the customer\'s words', nestedFields);
  await step('what the provider says of a key reaches the customer, without the key', providersWords);
  await step('an address that nobody may call is explained to a customer, not to an operator', farAway);
  for (const [code, message, said, quoted] of POPUP_ENDS) {
    await step(`a popup that ends with ${code} is explained in German: ${said}`, (tracked) => popupEnd(tracked, { error_type: code, error_desc: message, provider_message: quoted }, said));
  }
  await step('nothing typed is lost by Cancel, another way, a no, a closed window or Back', nothingLost);
  await step('what is typed is shown to no spell checker, and no browser thinks up a key', secretsStayHere);
  await step('while a key is checked nothing else can be done, and its end is seen', whileChecked);
  await step('of two integrations chosen in haste the last one is shown', chosenTwice);
}

/** What waits until it is let go. */
function held() {
  const gate = {};
  gate.promise = new Promise((resolve) => (gate.resolve = resolve));
  return gate;
}

const connectButton = (page, name = 'Connect') => page.getByRole('button', { name, exact: true });
async function keyOf(page, id, button) {
  await page.locator('[name="privateKey.id"]').fill(id);
  await page.locator('[name="privateKey.secret"]').fill(SECRET);
  await connectButton(page, button).click();
}

async function nestedFields(tracked) {
  const page = await fresh(tracked, (await session('key-desk')).connect_link, { locale: 'de-DE' });
  await keyOf(page, 'a!', 'Verbinden');
  await page.getByRole('alert').getByText('Key ID hat nicht die erwartete Form').waitFor();
  assert.equal(await page.locator('[name="privateKey.id"]').getAttribute('aria-invalid'), 'true');
  assert.doesNotMatch(await page.locator('#view').innerText(), /must|expected|pattern|\\p/);
  await keyOf(page, 'good', 'Verbinden');
  await heading(page, 'Sie sind verbunden');
}

async function providersWords(tracked) {
  const page = await fresh(tracked, (await session('key-desk')).connect_link);
  await keyOf(page, 'expired');
  await page.getByRole('alert').getByText('The key-desk desk says: Your trial has expired', { exact: true }).waitFor();
  await look(page, 'says');
  await keyOf(page, 'echo');
  await page.getByRole('alert').getByText('says: No such secret: [redacted]').waitFor();
  await keyOf(page, 'silent');
  await page.getByRole('alert').getByText('does not accept these details').waitFor();
  assert.equal(await page.getByRole('alert').getByText('says').count(), 0);
}

async function farAway(tracked) {
  const page = await fresh(tracked, (await session('far-desk')).connect_link);
  await page.locator('[name=apiKey]').fill('any');
  await connectButton(page).click();
  await page.getByRole('alert').getByText('cannot be reached at this address').waitFor();
  assert.doesNotMatch(await page.locator('#view').innerText(), /serai\.outgoing|10\.255/);
}

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const POPUP_ENDS = [
  ['state_cookie_err', 'This was begun in another browser: begin again in this one', 'in einem anderen Browser begonnen'],
  ['missing_app', 'integration desk has no client ID: set the credentials of the integration', 'noch nicht fertig eingerichtet'],
  ['unknown_err', `An error occurred. Please contact support with this unique id: ${ID}`, ID],
  ['connection_validation_failed', 'Sample helpdesk answered 400: invalid_scope (No scope tickets)', 'invalid_scope (No scope tickets)', 'invalid_scope (No scope tickets)'],
  ['connection_validation_failed', 'Sample helpdesk sent the browser back without a code', 'Etwas ist schiefgegangen'],
];

async function popupEnd(tracked, frame, said) {
  const page = await fresh(tracked, undefined, { locale: 'de-DE' });
  await popupsEndWith(page, { message_type: 'error', ...frame });
  await page.goto((await session('desk')).connect_link);
  await page.getByRole('button', { name: 'Weiter zu Helpdesk' }).click();
  await heading(page, 'Helpdesk konnte nicht verbunden werden');
  const shown = await page.locator('#view').innerText();
  assert.ok(shown.includes(said), shown);
  assert.equal(shown.includes('meldet'), Boolean(frame.provider_message), shown);
  assert.doesNotMatch(shown, /begin again|integration desk|unique id|without a code|answered/);
}

async function nothingLost(tracked) {
  const page = await fresh(tracked, (await asking('desk', 'desk-two')).connect_link);
  const address = page.locator('[name=url]');
  const there = async () => assert.equal(await address.inputValue(), HELPDESK_URL);
  await page.getByRole('button', { name: 'Second helpdesk' }).click();
  await address.fill(HELPDESK_URL);
  const consent = '**/oauth/connect/**';
  await page.context().route(consent, (route) => route.fulfill({ contentType: 'text/html', body: '<button>Allow</button>' }));
  await (await popupOf(page, CONTINUE)).close();
  await heading(page, 'The window was closed');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await there();
  await page.context().unroute(consent);
  await page.getByText('API key', { exact: true }).first().click();
  await there();
  await page.locator('[name=apiKey]').fill('half a k');
  await page.getByText('Sign in', { exact: true }).click();
  // The helpdesk's app proves itself at no address that a customer typed.
  await page.getByRole('button', { name: CONTINUE }).click();
  await heading(page, /could not be connected/);
  await page.getByRole('button', { name: 'Change what I entered' }).click();
  await there();
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByRole('button', { name: 'Second helpdesk' }).click();
  await there();
  await page.getByText('API key', { exact: true }).first().click();
  assert.equal(await page.locator('[name=apiKey]').inputValue(), 'half a k');
}

async function secretsStayHere(tracked) {
  const page = await fresh(tracked, (await session('key-desk')).connect_link);
  await heading(page, 'Connect The key-desk desk');
  for (const field of await page.locator('input').all()) {
    assert.equal(await field.getAttribute('spellcheck'), 'false');
    assert.equal(await field.getAttribute('autocomplete'), 'off');
  }
  assert.equal(await page.locator('input').count(), 2);
}

async function whileChecked(tracked) {
  const page = await fresh(tracked, (await session('desk', 'desk-two')).connect_link);
  const gate = held();
  await page.route('**/api-auth/**', async (route) => (await gate.promise, route.continue()));
  await page.getByRole('button', { name: 'Second helpdesk' }).click();
  assert.equal(await page.locator('#live').textContent(), '', 'nothing is said that is over');
  await enterKey(page, HELPDESK_KEY);
  await until('the key to be checked', () => page.locator('button.busy').count());
  assert.equal(await page.getByRole('button', { name: 'Back' }).count(), 0);
  assert.equal(await page.getByRole('radio', { disabled: false }).count(), 0);
  assert.equal(await page.evaluate(() => document.activeElement.type), 'submit', 'the focus waits at the button');
  await page.keyboard.press('Enter');
  gate.resolve();
  await heading(page, 'You are connected');
}

async function chosenTwice(tracked) {
  const page = await fresh(tracked, (await session('desk', 'desk-two')).connect_link);
  const gate = held();
  let first = true;
  await page.route('**/providers/sample', async (route) => {
    if (first) (first = false), await gate.promise;
    await route.continue();
  });
  await page.getByRole('button', { name: /^Helpdesk/ }).click();
  await page.getByRole('button', { name: 'Second helpdesk' }).click();
  await heading(page, 'Connect Second helpdesk');
  const answered = page.waitForResponse('**/providers/sample');
  gate.resolve();
  await answered;
  await page.waitForTimeout(200);
  await heading(page, 'Connect Second helpdesk');
}

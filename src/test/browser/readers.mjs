// The page for whoever speaks another language, has no mouse, or likes it dark. Walked by walk.mjs.
import assert from 'node:assert/strict';
import { CONTINUE, decide, heading } from './hands.mjs';
import { fresh, look, picture, step } from './looking.mjs';
import { SITE_URL, connections, session, until } from './world.mjs';

const { SERAI_URL, HELPDESK_KEY } = process.env;

const LANGUAGES = [
  { locale: 'de-CH', language: 'de', connect: 'Helpdesk verbinden', button: 'Verbinden', key: 'API-Schlüssel', missing: 'fehlt', help: 'aus den Einstellungen', done: 'Sie sind verbunden' },
  { locale: 'fr-FR', language: 'fr', connect: 'Connecter Helpdesk', button: 'Connecter', key: 'Clé API', missing: 'Champ à remplir', help: 'paramètres de votre compte', done: 'Connexion établie' },
  { locale: 'es-MX', language: 'es', connect: 'Conectar Helpdesk', button: 'Conectar', key: 'Clave de API', missing: 'Falta', help: 'ajustes de su cuenta', done: 'Conexión establecida' },
];

export async function everyReader() {
  for (const words of LANGUAGES) {
    await step(`a browser that speaks ${words.locale} is answered so, from the first word to the last`, (tracked) => inLanguage(tracked, words));
  }
  await step('the language in the address wins over the browser', async (tracked) => {
    const page = await fresh(tracked, `${(await session('desk')).connect_link}&lang=fr`, { locale: 'de-DE' });
    await heading(page, 'Connecter Helpdesk');
  });
  await step('without a mouse a mistake is found and mended, and the key connects', withoutMouse);
  await step('without a mouse the popup is opened, and said aloud what goes on', popupWithoutMouse);
  await step('a dark site gets a dark page over itself, in its own language', overDarkSite);
}

async function inLanguage(tracked, { locale, language, connect, button, key, missing, help, done }) {
  const page = await fresh(tracked, (await session('desk')).connect_link, { locale });
  await heading(page, connect);
  assert.equal(await page.locator('html').getAttribute('lang'), language);
  await page.getByText(key, { exact: true }).first().click();
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByRole('alert').getByText(missing).waitFor();
  await page.getByText(help).waitFor();
  await look(page, `form-${language}`);
  await page.locator('input[name=apiKey]').fill(HELPDESK_KEY);
  await page.getByRole('button', { name: button, exact: true }).click();
  await heading(page, done);
  await look(page, `success-${language}`);
}

/** What has the focus, as it is called, and whether it can be seen that it has it. */
const focused = (page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    const ring = [at, at.closest('label')].filter(Boolean).some((one) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none';
    });
    return { tag: at.tagName, name: at.name ?? '', text: at.textContent.trim(), type: at.type ?? '', ring };
  });

/** Presses Tab until the focus is where it is wanted; everything on the way shows that it is there. */
async function tabTo(page, wanted, what) {
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (at.tag !== 'BODY') assert.ok(at.ring, `it cannot be seen that the focus is on ${at.tag} ${at.name || at.text}`);
    if (wanted(at)) return at;
  }
  throw new Error(`Tab does not lead to ${what}`);
}

async function withoutMouse(tracked) {
  const before = await connections();
  const page = await fresh(tracked, (await session('desk')).connect_link);
  await heading(page, 'Connect Helpdesk');
  await tabTo(page, (at) => at.type === 'radio', 'the ways');
  await page.keyboard.press('ArrowRight');
  await tabTo(page, (at) => at.text === 'Connect', 'Connect');
  await page.keyboard.press('Enter');
  await until('the focus on what is wrong', () => page.evaluate(() => document.activeElement.getAttribute('role') === 'alert'));
  await tabTo(page, (at) => at.tag === 'A', 'the link to the field');
  await page.keyboard.press('Enter');
  assert.equal((await focused(page)).name, 'apiKey', 'the link leads to its field');
  assert.match(await page.locator('input[name=apiKey]').getAttribute('aria-describedby'), /problem/);
  await page.keyboard.type(HELPDESK_KEY);
  await page.keyboard.press('Enter');
  await heading(page, 'You are connected');
  assert.equal((await focused(page)).tag, 'H1', 'reading begins at the heading');
  assert.equal((await connections()).length, before.length + 1);
}

async function popupWithoutMouse(tracked) {
  const page = await fresh(tracked, (await session('desk')).connect_link);
  await heading(page, 'Connect Helpdesk');
  await tabTo(page, ({ text }) => CONTINUE.test(text), 'Continue');
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.keyboard.press('Enter')]);
  await heading(page, 'Continue in the other window');
  assert.match(await page.locator('#live').textContent(), /allow access/);
  await popup.getByRole('button', { name: 'Allow' }).waitFor();
  await decide(popup, 'bob');
  await heading(page, 'You are connected');
  assert.match(await page.locator('#live').textContent(), /connected/);
}

async function overDarkSite(tracked) {
  const page = await fresh(tracked, SITE_URL, { scheme: 'dark' });
  await page.waitForFunction(() => window.Nango);
  await page.addStyleTag({ content: 'body{background:#101416;color:#fff}' });
  const { token } = await session('desk');
  await page.evaluate(`window.go = async () => { new Nango({ host: '${SERAI_URL}' }).openConnectUI({ baseURL: '${SERAI_URL}/connect', apiURL: '${SERAI_URL}', sessionToken: '${token}', lang: 'de', themeOverride: 'dark', onEvent: (event) => events.push(event) }); }`);
  await page.getByRole('button', { name: 'Go' }).click();
  const frame = page.frameLocator('iframe');
  await frame.getByRole('heading', { level: 1, name: 'Helpdesk verbinden' }).waitFor();
  assert.equal(await frame.locator('html').getAttribute('data-theme'), 'dark');
  await picture(page, 'over-dark');
  await frame.getByRole('button', { name: 'Schließen' }).press('Enter');
  await page.locator('iframe').waitFor({ state: 'detached' });
}

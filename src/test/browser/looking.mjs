// A browser whose pages are looked at: by axe, for complaints on the console, and by whoever opens the pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const { CHROME, PICTURES } = process.env;
const AXE = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

export const browser = await chromium.launch({ executablePath: CHROME, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
if (PICTURES) await mkdir(PICTURES, { recursive: true });

const VIEWPORT = { width: 900, height: 720 };
const contexts = {};
/** The context of a visitor: his language, and whether he likes it dark. */
async function context(colorScheme, locale) {
  return (contexts[`${colorScheme} ${locale}`] ??= await browser.newContext({ colorScheme, locale, viewport: VIEWPORT }));
}

/** A new page, tracked by the step; opened if it has an address. */
export async function fresh(tracked, address, { scheme = 'light', locale = 'en-GB' } = {}) {
  const page = tracked(await (await context(scheme, locale)).newPage());
  if (address) await page.goto(address);
  return page;
}

/** Of the page's card alone, which is small and shows all; of the whole where there is none, or another page around it. */
export async function picture(page, name) {
  const card = page.locator('.card');
  if (PICTURES) await ((await card.count()) ? card : page).screenshot({ path: `${PICTURES}/${name}.png` });
}

export const tally = { failed: 0, seen: new Set() };

/** One thing that a customer does; `work` is given a function that tracks its pages. */
export async function step(name, work) {
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
    tally.failed++;
    console.log(`FAILED ${name}: ${error.message}\n       console: ${complaints.join(' | ')}`);
    for (const [index, page] of pages.entries()) {
      await picture(page, `failed-${tally.failed}-${index}`).catch(() => {});
    }
  } finally {
    for (const page of pages) await page.close().catch(() => {});
  }
}

/**
 * Looks at the page, or at the one it holds in a frame, with axe, which runs in a world of its own past the page's policy, in
 * light and dark; keeps pictures.
 */
export async function look(page, name, { framed = false } = {}) {
  for (const scheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(80);
    const client = await page.context().newCDPSession(page);
    const { frameTree } = await client.send('Page.getFrameTree');
    const { frame } = framed ? frameTree.childFrames[0] : frameTree;
    const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frame.id, worldName: 'axe' });
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
    tally.seen.add(`${name} ${scheme}`);
    await picture(page, `${name}-${scheme}`);
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}

// What a customer's hands do on the Connect page and at the helpdesk.

export const heading = (page, text) => page.getByRole('heading', { level: 1, name: text }).waitFor();

/** Presses the page's button and answers the window it opens, at the helpdesk's question. */
export async function popupOf(page, button) {
  const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: button }).click()]);
  await popup.getByRole('button', { name: 'Allow' }).waitFor();
  return popup;
}

export async function decide(popup, account, decision = 'Allow') {
  await popup.getByLabel(new RegExp(account, 'i')).check();
  const clicked = Date.now();
  await popup.getByRole('button', { name: decision }).click();
  return clicked;
}

export const CONTINUE = /^Continue to/;

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

/** Chooses the way by key, if there is a choice, and sends it. */
export async function enterKey(page, key) {
  await page.getByText('API key', { exact: true }).first().click();
  await page.locator('input[name=apiKey]').fill(key);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
}

/** Plays the server's part for popups: their WebSocket is told `frame`, whatever happens in the window. */
export async function popupsEndWith(page, frame) {
  await page.routeWebSocket((url) => url.pathname === '/', (socket) => {
    socket.send(JSON.stringify({ message_type: 'connection_ack', ws_client_id: crypto.randomUUID() }));
    setTimeout(() => socket.send(JSON.stringify(frame)), 300);
  });
}

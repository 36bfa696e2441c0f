// Does what docs/connect.md shows with the published SDKs. Stands after its `nango` blocks; run by NangoGuideTest.
import Frontend from '@nangohq/frontend';

console.log(`link ${session.connect_link} ${session.token.length}`);
const page = new Frontend({ host: process.env.SERAI_URL, connectSessionToken: session.token });
const entered = { credentials: { apiKey: process.env.HELPDESK_KEY }, params: { url: process.env.HELPDESK_URL } };
const { connectionId } = await page.auth('helpdesk', entered);
console.log(`connected ${connectionId}`);
for (const end = Date.now() + 60_000; !cursors.has(`${connectionId} Ticket`); ) {
  if (Date.now() > end) throw new Error('waited a minute to be told of tickets');
  await new Promise((later) => setTimeout(later, 100));
}
await createTicket(connectionId, 'Printer on fire');
console.log('all said');

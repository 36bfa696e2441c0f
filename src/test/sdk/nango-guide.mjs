// Does what docs/connect.md shows with the published SDK. Stands after its `nango` blocks; run by NangoGuideTest.
const where = { provider_config_key: 'helpdesk', connection_id: 'ann', connection_config: { url: process.env.HELPDESK_URL } };
await fetch(`${process.env.SERAI_URL}/connections`, {
  method: 'POST',
  headers: { Authorization: `Bearer ${process.env.SERAI_KEY}`, 'Content-Type': 'application/json' },
  body: JSON.stringify({ ...where, credentials: { type: 'API_KEY', apiKey: process.env.HELPDESK_KEY } }),
});
console.log(`link ${session.connect_link} ${session.token.length}`);
console.log(`forged ${genuine('{}', { 'x-nango-hmac-sha256': '00' })}`);
let cursor;
for (const end = Date.now() + 60_000; !cursor && Date.now() < end; ) {
  cursor = await collect('ann', 'Ticket');
  if (!cursor) await new Promise((later) => setTimeout(later, 200));
}
await createTicket('ann', 'Printer on fire');
console.log('all said');

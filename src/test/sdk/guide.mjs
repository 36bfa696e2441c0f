// Does what docs/connect.md shows. Stands after its `node` blocks; run by SeraiModuleTest.
const helpdesk = process.env.HELPDESK_URL;

const asked = await connectSession({ id: 'ann', email: 'ann@example.com' });
console.log(`link ${asked.connect_link}`);
await connectByKey(asked.token, 'wrong', helpdesk)
  .catch((error) => console.log(`wrong key: ${error.status} ${error.code}`));
const connected = await connectByKey(asked.token, process.env.HELPDESK_KEY, helpdesk);
console.log(`connected ${connected.providerConfigKey} ${connected.connectionId}`);
await connectByKey(asked.token, process.env.HELPDESK_KEY, helpdesk)
  .catch((error) => console.log(`second time: ${error.status} ${error.code}`));

for (const end = Date.now() + 60_000; !cursors.has(`${connected.connectionId} Ticket`); ) {
  if (Date.now() > end) throw new Error('waited a minute to be told of tickets');
  await new Promise((later) => setTimeout(later, 100));
}
await createTicket(connected.connectionId, 'Printer on fire');
await createTicket(connected.connectionId, undefined);
await createTicket('nobody', 'Printer on fire');
console.log(`known there as ${(await whoami(connected.connectionId)).id}`);

const again = await reconnectSession(connected.connectionId);
const same = await connectByKey(again.token, process.env.HELPDESK_KEY, helpdesk);
console.log(`reconnected ${same.connectionId === connected.connectionId}`);

const { publicKey, hmac } = await signedConnection('bob-1');
const page = new Serai({ host: serai.host, publicKey, hmac });
const entered = { credentials: { apiKey: process.env.HELPDESK_KEY }, params: { url: helpdesk } };
console.log(`signed ${(await page.auth('helpdesk', 'bob-1', entered)).connectionId}`);
await page.auth('helpdesk', 'bob-2', entered).catch((error) => console.log(`not signed: ${error.status} ${error.code}`));

// A grant that its customer takes back.
const control = (path, json) =>
  fetch(`${helpdesk}/_control/${path}`, { method: 'POST', headers: { 'X-Control-Token': 'sample-control' }, body: JSON.stringify(json) });
const { access_token, refresh_token } = await (await control('oauth/grants', { account: 'carol' })).json();
await serai.request('/connections', {
  method: 'POST',
  json: {
    provider_config_key: 'helpdesk', connection_id: 'carol-1', end_user: { id: 'carol' }, connection_config: { url: helpdesk },
    credentials: { type: 'OAUTH2', access_token, refresh_token, expires_at: new Date(Date.now() + 600_000).toISOString() },
  },
});
await control('oauth/revoke', { account: 'carol' });
await serai.request('/connections/carol-1?provider_config_key=helpdesk&force_refresh=true')
  .catch((error) => console.log(`withdrawn: ${error.status} ${error.code}`));
console.log('all said');

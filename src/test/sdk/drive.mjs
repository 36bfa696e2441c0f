// Drives a running Serai with the published SDK, as a customer's backend does. Run by NodeSdkTest.
import assert from 'node:assert/strict';
import http from 'node:http';
import { Nango } from '@nangohq/node';

const { SERAI_URL, SERAI_KEY, HELPDESK_URL, HELPDESK_KEY, WEBHOOK_PORT } = process.env;
const KEY = 'helpdesk';
const ID = 'ann';
const nango = new Nango({ host: SERAI_URL, secretKey: SERAI_KEY });

const hooks = [];
const backend = http.createServer((request, answer) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const raw = Buffer.concat(chunks).toString('utf8');
    hooks.push({ raw, headers: request.headers, body: JSON.parse(raw) });
    answer.writeHead(200).end();
  });
});
await new Promise((listening) => backend.listen(Number(WEBHOOK_PORT), '127.0.0.1', listening));

let failed = 0;
async function step(name, work) {
  try {
    await work();
    console.log(`ok     ${name}`);
  } catch (error) {
    failed++;
    const told = error.response ? `${error.response.status} ${JSON.stringify(error.response.data)}` : '';
    console.log(`FAILED ${name}: ${error.message} ${told}`);
  }
}

async function until(what, probe) {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited a minute for ${what}`);
    await new Promise((later) => setTimeout(later, 100));
  }
}

async function refused(call) {
  try {
    await call();
  } catch (error) {
    if (error.response) return error.response;
    throw error;
  }
  throw new Error('it was not refused');
}

const ticketHook = (known) =>
  until('a webhook about tickets', () =>
    hooks.slice(known).find((hook) => hook.body.type === 'sync' && hook.body.model === 'Ticket'));

const where = { providerConfigKey: KEY, connectionId: ID, model: 'Ticket' };

async function everything(query) {
  const records = [];
  let cursor;
  do {
    const page = await nango.listRecords({ ...where, ...query, ...(cursor ? { cursor } : {}) });
    records.push(...page.records);
    cursor = page.next_cursor;
  } while (cursor);
  return records;
}

await step('listProviders, getProvider', async () => {
  const { data } = await nango.listProviders({ search: 'sample' });
  assert.ok(data.some((provider) => provider.name === 'sample'));
  assert.equal((await nango.getProvider({ provider: 'sample' })).data.name, 'sample');
});
await step('createIntegration', async () => {
  const { data } = await nango.createIntegration({ provider: 'sample', unique_key: KEY });
  assert.equal(data.unique_key, KEY);
  assert.equal(data.provider, 'sample');
});
await step('listIntegrations', async () => {
  const { configs } = await nango.listIntegrations();
  assert.deepEqual(configs.map((config) => config.unique_key), [KEY]);
});
await step('getIntegration', async () => {
  const { data } = await nango.getIntegration({ uniqueKey: KEY }, { include: ['webhook'] });
  assert.equal(data.unique_key, KEY);
  assert.ok('webhook_url' in data);
});
await step('POST /connections (no SDK method)', async () => {
  const answer = await fetch(`${SERAI_URL}/connections`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SERAI_KEY}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      provider_config_key: KEY,
      connection_id: ID,
      credentials: { type: 'API_KEY', apiKey: HELPDESK_KEY },
      connection_config: { url: HELPDESK_URL },
      end_user: { id: 'u-1', email: 'ann@example.com' },
    }),
  });
  assert.equal(answer.status, 201, await answer.text());
});
await step('listConnections', async () => {
  assert.deepEqual((await nango.listConnections()).connections.map((c) => c.connection_id), [ID]);
  const mine = await nango.listConnections({ integrationId: KEY, userId: 'u-1', limit: 10 });
  assert.equal(mine.connections[0].provider_config_key, KEY);
  assert.equal((await nango.listConnections({ userId: 'u-2' })).connections.length, 0);
});
await step('getConnection, getToken', async () => {
  const connection = await nango.getConnection(KEY, ID);
  assert.equal(connection.connection_id, ID);
  assert.equal(connection.credentials.apiKey, HELPDESK_KEY);
  assert.equal((await nango.getToken(KEY, ID)).apiKey, HELPDESK_KEY);
  assert.equal((await refused(() => nango.getConnection(KEY, 'nobody'))).status, 404);
});
await step('setMetadata, updateMetadata, getMetadata', async () => {
  assert.equal((await nango.setMetadata(KEY, ID, { a: 1 })).status, 201);
  assert.equal((await nango.updateMetadata(KEY, [ID], { b: [2] })).status, 200);
  assert.deepEqual(await nango.getMetadata(KEY, ID), { a: 1, b: [2] });
});

let newest;
await step('verifyIncomingWebhookRequest on a received webhook', async () => {
  const hook = await ticketHook(0);
  assert.equal(hook.body.connectionId, ID);
  assert.equal(hook.body.responseResults.added, 250);
  assert.equal(nango.verifyIncomingWebhookRequest(hook.raw, hook.headers), true);
  assert.equal(nango.verifyIncomingWebhookRequest(`${hook.raw} `, hook.headers), false);
  assert.equal(nango.verifyWebhookSignature(hook.headers['x-nango-signature'], hook.body), true);
});
await step('listRecords with cursor', async () => {
  const records = await everything({ limit: 100 });
  assert.equal(new Set(records.map((record) => record.id)).size, 250);
  assert.equal(records[0]._nango_metadata.last_action, 'ADDED');
  newest = records.at(-1)._nango_metadata.cursor;
  const some = await nango.listRecords({ ...where, ids: [records[0].id, records[7].id] });
  assert.deepEqual(some.records.map((r) => r.id).sort(), [records[0].id, records[7].id].sort());
});

let created;
await step('triggerAction, successful', async () => {
  created = await nango.triggerAction(KEY, ID, 'create-ticket', { title: 'Printer on fire' });
  assert.equal(created.title, 'Printer on fire');
});
await step('triggerAction, bad input and refusal of the provider', async () => {
  const bad = await refused(() => nango.triggerAction(KEY, ID, 'create-ticket', {}));
  assert.equal(bad.status, 400);
  assert.equal(bad.data.error.code, 'invalid_action_input');
  const no = await refused(() =>
    nango.triggerAction(KEY, ID, 'create-ticket', { title: 'x', contact_id: '999999' }));
  assert.equal(no.status, 424);
  assert.equal(no.data.error.code, 'script_http_error');
  assert.equal(no.data.error.upstream.status, 422);
  assert.equal((await refused(() => nango.triggerAction(KEY, ID, 'fly'))).status, 404);
});
await step('proxy: the provider\'s own API, its answers and its refusals', async () => {
  const where = { providerConfigKey: KEY, connectionId: ID };
  const me = await nango.get({ ...where, endpoint: '/v1/me' });
  assert.equal(me.status, 200);
  assert.ok(me.data.id);
  const found = await nango.post({ ...where, endpoint: '/v1/tickets/search', data: { per_page: 2 }, retries: 2 });
  assert.ok(found.data.tickets.length > 0);
  const missing = await refused(() => nango.get({ ...where, endpoint: '/v1/tickets/999999', params: { a: '1' } }));
  assert.equal(missing.status, 404);
});
await step('triggerSync, then listRecords with modifiedAfter', async () => {
  const known = hooks.length;
  assert.equal((await nango.triggerSync(KEY, ['tickets'], ID, 'incremental')).status, 200);
  const hook = await ticketHook(known);
  const changed = await everything({ modifiedAfter: hook.body.modifiedAfter, filter: 'added' });
  assert.deepEqual(changed.map((record) => record.id), [created.id]);
});
await step('listRecords after the last cursor', async () => {
  const page = await nango.listRecords({ ...where, cursor: newest });
  assert.deepEqual(page.records.map((record) => record.id), [created.id]);
  assert.equal(page.next_cursor, null);
});
await step('syncStatus', async () => {
  const { syncs } = await nango.syncStatus(KEY, '*', ID);
  assert.deepEqual(syncs.map((sync) => sync.name).sort(), ['projects', 'tickets', 'users']);
  const [tickets] = (await nango.syncStatus(KEY, ['tickets'], ID)).syncs;
  assert.equal(tickets.variant, 'base');
  assert.equal(tickets.recordCount.Ticket, 251);
});
await step('updateSyncConnectionFrequency', async () => {
  const set = await nango.updateSyncConnectionFrequency(KEY, 'tickets', ID, 'every 2h');
  assert.equal(set.frequency, 'every 2h');
  assert.ok((await nango.updateSyncConnectionFrequency(KEY, 'tickets', ID, null)).frequency);
  const short = await refused(() => nango.updateSyncConnectionFrequency(KEY, 'tickets', ID, '5s'));
  assert.equal(short.data.error.code, 'sync_interval_too_short');
});
await step('pauseSync, startSync', async () => {
  const status = async () => (await nango.syncStatus(KEY, ['tickets'], ID)).syncs[0].status;
  assert.equal((await nango.pauseSync(KEY, ['tickets'], ID)).status, 200);
  assert.equal(await status(), 'PAUSED');
  assert.equal((await nango.startSync(KEY, ['tickets'], ID)).status, 200);
  assert.notEqual(await status(), 'PAUSED');
});
await step('pruneRecords', async () => {
  const pruned = await nango.pruneRecords({ ...where, untilCursor: newest, limit: 100 });
  assert.deepEqual(pruned, { count: 100, has_more: true });
  const [first] = (await nango.listRecords({ ...where, limit: 1 })).records;
  assert.ok(first._nango_metadata.pruned_at);
});
await step('createSyncVariant, deleteSyncVariant', async () => {
  const variant = { provider_config_key: KEY, connection_id: ID, name: 'tickets', variant: 'second' };
  const made = await nango.createSyncVariant(variant);
  assert.equal(made.name, 'tickets');
  assert.equal(made.variant, 'second');
  assert.equal((await nango.deleteSyncVariant(variant)).success, true);
});
await step('patchConnection', async () => {
  const patched = await nango.patchConnection(
    { connectionId: ID, provider_config_key: KEY }, { tags: { team: 'support' } });
  assert.equal(patched.success, true);
  const tagged = await nango.listConnections({ tags: { team: 'support' } });
  assert.equal(tagged.connections[0].tags.team, 'support');
});
await step('getScriptsConfig', async () => {
  const config = await nango.getScriptsConfig('nango');
  const mine = config.find((entry) => entry.providerConfigKey === KEY);
  assert.ok(mine.syncs.some((sync) => sync.name === 'tickets'));
  assert.ok(mine.actions.some((action) => action.name === 'create-ticket'));
});
await step('getEnvironmentVariables', async () => {
  assert.ok(Array.isArray(await nango.getEnvironmentVariables()));
});
await step('deleteConnection', async () => {
  assert.equal((await nango.deleteConnection(KEY, ID)).status, 200);
  assert.equal((await nango.listConnections()).connections.length, 0);
});

backend.close();
console.log(failed === 0 ? 'SDK: everything fits' : `SDK: ${failed} steps failed`);
process.exit(failed === 0 ? 0 : 1);

// Serai's own module against a running Serai. Run by SeraiModuleTest.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { Serai, SeraiError } from './serai.js';

const { SERAI_URL, SERAI_KEY, HELPDESK_URL, HELPDESK_KEY } = process.env;
const serai = new Serai({ host: SERAI_URL + '/', apiKey: SERAI_KEY });
const where = { providerConfigKey: 'module', connectionId: 'ann' };
const tickets = { ...where, model: 'Ticket' };

let failed = 0;
async function step(name, work) {
  try {
    await work();
    console.log(`ok     ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error.stack}`);
  }
}

async function all(query) {
  const records = [];
  for await (const record of serai.listRecords(query)) records.push(record);
  return records;
}

const asked = [];
const really = globalThis.fetch;
globalThis.fetch = (address, init) => (asked.push({ address: String(address), init }), really(address, init));

await serai.request('/integrations', { method: 'POST', json: { provider: 'sample', unique_key: 'module' } });
await serai.request('/connections', {
  method: 'POST',
  json: {
    provider_config_key: where.providerConfigKey, connection_id: where.connectionId,
    credentials: { type: 'API_KEY', apiKey: HELPDESK_KEY }, connection_config: { url: HELPDESK_URL },
  },
});
for (const end = Date.now() + 60_000; (await all({ ...tickets, limit: 1000 })).length < 250; ) {
  assert.ok(Date.now() < end, 'waited a minute for 250 tickets');
  await new Promise((later) => setTimeout(later, 200));
}

let records;
await step('a list is followed over its pages by its cursor', async () => {
  asked.length = 0;
  records = await all({ ...tickets, limit: 60 });
  assert.equal(records.length, 250);
  assert.equal(new Set(records.map((record) => record.id)).size, 250);
  assert.equal(asked.length, 5);
  assert.equal(new URL(asked[0].address).searchParams.get('cursor'), null);
  assert.equal(new URL(asked[1].address).searchParams.get('cursor'), records[59]._nango_metadata.cursor);
});
await step('a list that is left early asks no further page', async () => {
  asked.length = 0;
  for await (const record of serai.listRecords({ ...tickets, limit: 10 })) if (record.id === records[9].id) break;
  assert.equal(asked.length, 1);
});
await step('a list goes on after the cursor of any record', async () => {
  const rest = await all({ ...tickets, limit: 20, cursor: records[199]._nango_metadata.cursor });
  assert.deepEqual(rest.map((record) => record.id), records.slice(200).map((record) => record.id));
  assert.deepEqual(await all({ ...tickets, cursor: records.at(-1)._nango_metadata.cursor }), []);
});
await step('one page at a time', async () => {
  const list = serai.listRecords({ ...tickets, limit: 200 });
  const first = await list.page();
  const second = await list.page(first.next_cursor);
  assert.deepEqual([first.records.length, second.records.length, second.next_cursor], [200, 50, null]);
});
await step('a list begins at a moment, as text or as Date, and is narrowed by ids and filter', async () => {
  assert.equal((await all({ ...tickets, limit: 100, modifiedAfter: new Date(Date.now() - 3_600_000) })).length, 250);
  assert.equal((await all({ ...tickets, modifiedAfter: new Date(Date.now() + 60_000).toISOString() })).length, 0);
  assert.equal((await all({ ...tickets, ids: [records[3].id, records[7].id] })).length, 2);
  assert.equal((await all({ ...tickets, filter: 'deleted' })).length, 0);
});

await step('an action answers its output', async () => {
  const made = await serai.triggerAction({ ...where, action: 'create-ticket', input: { title: 'Printer on fire' } });
  assert.equal(made.title, 'Printer on fire');
});
async function refused(call, code, status) {
  const error = await call.then(() => assert.fail('it was not refused'), (thrown) => thrown);
  assert.ok(error instanceof SeraiError && error instanceof Error, error.stack);
  assert.deepEqual([error.name, error.code, error.status], ['SeraiError', code, status], error.message);
  assert.ok(error.message.length > 5, error.message);
  return error;
}
await step('what is refused is an error with code, status, message and payload', async () => {
  const bad = await refused(serai.triggerAction({ ...where, action: 'create-ticket', input: {} }), 'invalid_action_input', 400);
  assert.equal(bad.payload.error.payload.errors[0].field, 'title');
  await refused(all({ ...tickets, connectionId: 'nobody' }), 'unknown_connection', 400);
  const body = await refused(all({ ...tickets, limit: 0 }), 'invalid_query_params', 400);
  assert.match(body.message, /limit/);
  await refused(new Serai({ host: SERAI_URL, apiKey: '3f1d9a5c-8f5b-4c6e-9a38-5a4ad0a3f0a1' }).request('/connections'), 'unknown_account', 401);
  await refused(serai.triggerAction({ ...where, action: 'create-ticket', input: { title: 'T' }, async: true }), 'not_implemented', 501);
  assert.ok((await serai.proxy({ ...where, endpoint: '/v1/me' })).data.id);
  await refused(serai.proxy({ ...where, endpoint: '/v1/tickets/999999' }), 'http_error', 404);
  await refused(serai.proxy({ ...where, connectionId: 'nobody', endpoint: '/v1/me' }), 'server_error', 400);
  await refused(new Serai({ host: 'http://127.0.0.1:9' }).request('/health'), 'unreachable', 0);
  await refused(serai.request('/health', { signal: AbortSignal.abort() }), 'aborted', 0);
});
await step('a key is not shown by a logged Serai', async () => {
  const { inspect } = await import('node:util');
  assert.ok(!inspect(serai, { showHidden: true }).includes(SERAI_KEY) && !JSON.stringify(serai).includes(SERAI_KEY));
});

const secret = '11111111-2222-4333-8444-555555555555';
const body = '{"authMode":"OAUTH2","connectionId":"conn-1","environment":"dev","from":"nango","operation":"creation","provider":"github","providerConfigKey":"github","success":true,"tags":{},"type":"auth"}';
const receiver = new Serai({ host: SERAI_URL, apiKey: SERAI_KEY, webhookSigningKey: secret });
const hex = { 'X-Nango-Hmac-Sha256': 'aba4e9b0f361eb1c2b5f689131ca0722d0a8eab4ac234d8be1895a16ef3f2108' };
const now = 1_800_000_000;
const standard = (time, key = secret, id = 'msg_1', text = body) => ({
  'webhook-id': id,
  'webhook-timestamp': String(time),
  'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${time}.${text}`).digest('base64')}`,
});

await step('a webhook with the hex signature of the wire contract', async () => {
  assert.equal(await receiver.verifyWebhook(body, hex), true);
  assert.equal(await receiver.verifyWebhook(Buffer.from(body), { 'x-nango-hmac-sha256': [hex['X-Nango-Hmac-Sha256']] }), true);
  assert.equal(await receiver.verifyWebhook(new TextEncoder().encode(body).buffer, new Headers(hex)), true);
  assert.equal(await receiver.verifyWebhook(`${body} `, hex), false);
  assert.equal(await receiver.verifyWebhook(body.replace('conn-1', 'conn-2'), hex), false);
  assert.equal(await serai.verifyWebhook(body, hex), false, 'another key');
  assert.equal(await receiver.verifyWebhook(body, {}), false);
  assert.equal(await receiver.verifyWebhook(body, { 'X-Nango-Hmac-Sha256': '' }), false);
  assert.equal(await receiver.verifyWebhook(body, hex, { standardOnly: true }), false, 'no time');
});
await step('a webhook with a Standard Webhooks signature', async () => {
  assert.equal(await receiver.verifyWebhook(body, standard(now), { now }), true);
  assert.equal(await receiver.verifyWebhook(body, new Headers(standard(now)), { now, standardOnly: true }), true);
  const two = standard(now);
  two['webhook-signature'] = `v1a,AAAA v1,${'A'.repeat(43)}= ${two['webhook-signature']}`;
  assert.equal(await receiver.verifyWebhook(body, two, { now }), true, 'one of several');
  assert.equal(await receiver.verifyWebhook(`${body} `, standard(now), { now }), false);
  assert.equal(await receiver.verifyWebhook(body, { ...standard(now), 'webhook-id': 'msg_2' }, { now }), false);
  assert.equal(await receiver.verifyWebhook(body, { ...standard(now), 'webhook-timestamp': String(now + 1) }, { now }), false);
  assert.equal(await receiver.verifyWebhook(body, standard(now, 'another key'), { now }), false);
});
await step('a stale webhook is refused, whatever else it carries', async () => {
  assert.equal(await receiver.verifyWebhook(body, standard(now - 300), { now }), true);
  assert.equal(await receiver.verifyWebhook(body, standard(now - 301), { now }), false);
  assert.equal(await receiver.verifyWebhook(body, standard(now + 301), { now }), false);
  assert.equal(await receiver.verifyWebhook(body, { ...standard(now - 301), ...hex }, { now }), false);
  assert.equal(await receiver.verifyWebhook(body, { ...hex, 'webhook-timestamp': String(now) }, { now }), false, 'half a signature');
});
await step('a webhook cannot be checked without a key', async () => {
  await refused(new Serai({ host: SERAI_URL }).verifyWebhook(body, hex), 'missing_signing_key', 0);
});

await step('a call of the provider has the headers of the wire contract', async () => {
  const seen = [];
  const stub = http.createServer((request, answer) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() });
      answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id":7}');
    });
  });
  await new Promise((listening) => stub.listen(0, '127.0.0.1', listening));
  const there = new Serai({ host: `http://127.0.0.1:${stub.address().port}`, apiKey: SERAI_KEY });
  const answer = await there.proxy({
    ...where, endpoint: '/v1/tickets?a=1', method: 'POST', params: { b: 'x y' }, data: { title: 'T' }, headers: { 'X-Own': '1' },
    retries: 3, retryOn: [409, 418], baseUrlOverride: 'https://other.example', decompress: true, forwardHeadersOnRedirect: false,
  });
  await there.proxy({ ...where, endpoint: 'v1/raw', method: 'PUT', data: new URLSearchParams({ c: '2' }) });
  stub.close();
  assert.deepEqual([answer.status, answer.data], [200, { id: 7 }]);
  assert.deepEqual([seen[0].method, seen[0].url, seen[0].body], ['POST', '/proxy/v1/tickets?a=1&b=x+y', '{"title":"T"}']);
  const expected = {
    authorization: `Bearer ${SERAI_KEY}`, 'provider-config-key': 'module', 'connection-id': 'ann', retries: '3', 'retry-on': '409,418',
    'base-url-override': 'https://other.example', decompress: 'true', 'forward-headers-on-redirect': 'false', 'nango-proxy-x-own': '1',
    'content-type': 'application/json',
  };
  for (const [name, value] of Object.entries(expected)) assert.equal(seen[0].headers[name], value, name);
  assert.deepEqual([seen[1].url, seen[1].body, seen[1].headers['base-url-override']], ['/proxy/v1/raw', 'c=2', '']);
  assert.match(seen[1].headers['content-type'], /^application\/x-www-form-urlencoded/);
});

console.log(failed ? `${failed} failed` : 'all passed');
process.exit(failed ? 1 : 0);

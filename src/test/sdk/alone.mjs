// Serai's own module without a Serai: what answers instead, and where there is no browser. Run by SeraiModuleAloneTest.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { Serai, SeraiError } from './serai.js';

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

/** What a call does at a server that answers so: its outcome, or what it throws. */
async function at(answering, work) {
  const server = http.createServer(answering).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serai = new Serai({ host: `http://127.0.0.1:${server.address().port}`, apiKey: 'key', sessionToken: 'token' });
  try {
    return await work(serai).catch((error) => error);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
const answers = (type, body, status = 200) => (request, answer) => answer.writeHead(status, type ? { 'Content-Type': type } : {}).end(body);
const where = { providerConfigKey: 'desk', connectionId: 'ann' };
const calls = {
  listRecords: async (serai) => { for await (const record of serai.listRecords({ ...where, model: 'Ticket' })) assert.fail(record); },
  page: (serai) => serai.listRecords({ ...where, model: 'Ticket' }).page(),
  triggerAction: (serai) => serai.triggerAction({ ...where, action: 'create' }),
  auth: (serai) => serai.auth('desk', { credentials: { apiKey: 'a' } }),
};
const everything = {
  ...calls,
  request: (serai) => serai.request('/health'),
  proxy: (serai) => serai.proxy({ ...where, endpoint: '/v1/me' }),
};

function is(error, code, status) {
  assert.ok(error instanceof SeraiError, `${error?.stack ?? error}`);
  assert.deepEqual([error.code, error.status], [code, status], error.message);
  assert.ok(error.message.length > 5, error.message);
  return error;
}

await step('an answer that breaks off is an error, and its cause is kept', async () => {
  const cut = (request, answer) => {
    answer.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '100' });
    answer.write('{"records":[', () => answer.destroy());
  };
  for (const call of Object.values(everything)) assert.ok(is(await at(cut, call), 'unreachable', 0).cause);
});
await step('a page of HTML where Serai should answer is an error', async () => {
  for (const call of Object.values(calls)) {
    assert.equal(is(await at(answers('text/html', '<h1>Log in</h1>'), call), 'invalid_answer', 200).payload, '<h1>Log in</h1>');
  }
});
await step('broken JSON, or JSON of another shape, is an error', async () => {
  for (const call of Object.values(calls)) is(await at(answers('application/json', '{"records":[{"id"'), call), 'invalid_answer', 200);
  for (const call of [calls.listRecords, calls.page, calls.auth]) {
    for (const other of ['null', '[]', '{"records":7}', '"text"']) is(await at(answers('application/json', other), call), 'invalid_answer', 200);
  }
});
await step('an action answers any JSON', async () => {
  for (const output of [null, 'text', 7, [], { a: 1 }]) {
    assert.deepEqual(await at(answers('application/json', JSON.stringify(output)), calls.triggerAction), output);
  }
});
await step('a refusal of any shape is an error', async () => {
  for (const body of ['', 'null', '7', '"no"', '{"error":"no"}', '{"error":null}', '{"error":{"code":404,"message":{"a":1},"errors":{"b":2}}}', '{"error":{"errors":[null,{"path":"a"}]}}', '{"err']) {
    for (const call of Object.values(everything)) is(await at(answers('application/json', body, 404), call), 'http_error', 404);
  }
  for (const call of Object.values(everything)) is(await at(answers('text/html', '<h1>Bad gateway</h1>', 502), call), 'http_error', 502);
  const named = is(await at(answers('application/json', '{"error":{"code":"unknown_connection","message":"There is none"}}', 400), calls.page), 'unknown_connection', 400);
  assert.equal(named.message, 'There is none');
});
await step('what was given up is told apart from what cannot be reached, whatever the reason', async () => {
  const silent = () => {};
  const halfway = (request, answer) => answer.writeHead(200, { 'Content-Type': 'application/json' }).write('{');
  for (const answering of [silent, halfway]) {
    const timeout = await at(answering, (serai) => serai.request('/health', { signal: AbortSignal.timeout(50) }));
    assert.equal(is(timeout, 'aborted', 0).cause.name, 'TimeoutError');
    for (const reason of [undefined, null, 'enough', new Error('enough'), 7]) {
      const giveUp = new AbortController();
      setTimeout(() => giveUp.abort(reason), 20);
      is(await at(answering, (serai) => serai.request('/health', { signal: giveUp.signal })), 'aborted', 0);
    }
  }
  is(await at(silent, (serai) => serai.auth('desk', { credentials: { apiKey: 'a' }, signal: AbortSignal.abort('no') })), 'aborted', 0);
});
await step('without a browser there is no popup and no page', async () => {
  is(await new Serai({ host: 'http://127.0.0.1:9', sessionToken: 'token' }).auth('desk').catch((error) => error), 'no_browser', 0);
  assert.throws(() => new Serai({ host: 'http://127.0.0.1:9' }).openConnect(), (error) => Boolean(is(error, 'no_browser', 0)));
});

await step('a file of the provider comes as its bytes, text as text, JSON as what it says', async () => {
  const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0x00, 0xff, 0xfe, 0x80, 0xc3]);
  for (const type of ['application/pdf', 'image/png', 'application/octet-stream', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/zip']) {
    const { data } = await at(answers(type, bytes), everything.proxy);
    assert.ok(data instanceof Uint8Array, type);
    assert.deepEqual([...data], [...bytes], type);
  }
  for (const type of ['text/csv', 'text/plain; charset=utf-8', 'application/xml', 'image/svg+xml', 'application/x-ndjson', 'application/x-www-form-urlencoded', undefined]) {
    assert.equal((await at(answers(type, 'é,1'), everything.proxy)).data, 'é,1', type);
  }
  for (const type of ['application/json', 'application/json; charset=utf-8', 'application/vnd.api+json']) {
    assert.deepEqual((await at(answers(type, '{"a":[1]}'), everything.proxy)).data, { a: [1] }, type);
  }
  assert.equal((await at(answers('application/json', 'OK'), everything.proxy)).data, 'OK', 'a provider that calls everything JSON');
  const refused = is(await at(answers('application/pdf', bytes, 404), everything.proxy), 'http_error', 404);
  assert.deepEqual([...refused.payload], [...bytes]);
});

console.log(failed ? `${failed} failed` : 'all passed');
process.exit(failed ? 1 : 0);

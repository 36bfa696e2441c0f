// A customer's TypeScript against Serai's own module: what must be accepted, and what must not. Checked by SeraiTypesTest.
import { Serai, SeraiError } from './serai.js';

const serai = new Serai({ host: 'https://serai.example.com', apiKey: 'key', webhookSigningKey: 'another' });
const where = { providerConfigKey: 'desk', connectionId: 'ann' };

export async function backend(raw: Buffer | string, headers: Headers | Record<string, string | string[] | undefined>) {
  for await (const record of serai.listRecords({ ...where, model: 'Ticket', modifiedAfter: new Date(), limit: 10 })) {
    const title: string = record.title;
    console.log(title, record._nango_metadata.cursor);
  }
  const { records, next_cursor } = await serai.listRecords({ ...where, model: 'Ticket', ids: ['1'] }).page();
  const cursor: string | null = next_cursor;
  const made = await serai.triggerAction({ ...where, action: 'create-ticket', input: { title: 'T' }, signal: AbortSignal.timeout(1000) });
  const { status, data } = await serai.proxy({ ...where, endpoint: '/v1/me', params: { a: '1' }, retryOn: [409] });
  const code: number = status;
  const genuine: boolean = await serai.verifyWebhook(raw, headers, { standardOnly: true });
  const { headers: answered } = await serai.request('/connections', { method: 'GET' });
  return [records.length, cursor, made.id, data, code, genuine, answered.get('Content-Type')];
}

export async function browser() {
  const page = new Serai({ sessionToken: 'token' });
  const { connectionId, isPending } = await page.auth('desk', { params: { url: 'x' }, detectClosedAuthWindow: true, onPopupClosed: () => {} });
  const pending: boolean | undefined = isPending;
  await page.auth('desk', 'ann', { credentials: { apiKey: 'a' } });
  const opened = page.openConnect({ mode: 'window', lang: 'de', onEvent: ({ type, payload }) => console.log(type, payload) });
  opened.setSessionToken('token');
  opened.close();
  return [connectionId.length, pending];
}

export function what(error: unknown) {
  if (!(error instanceof SeraiError)) throw error;
  const code: string = error.code;
  const status: number = error.status;
  return [code, status, error.message, error.payload];
}

export async function refused() {
  // @ts-expect-error there is no such option
  new Serai({ secretKey: 'key' });
  // @ts-expect-error a model is needed
  serai.listRecords({ ...where });
  // @ts-expect-error as is a connection
  await serai.triggerAction({ providerConfigKey: 'desk', action: 'create-ticket' });
  // @ts-expect-error it opens over the page or in a window
  serai.openConnect({ mode: 'tab' });
  // @ts-expect-error headers of the provider are texts
  await serai.proxy({ ...where, endpoint: '/', headers: { a: 1 } });
  // @ts-expect-error a parsed body cannot be verified any more
  await serai.verifyWebhook({ type: 'auth' }, {});
}

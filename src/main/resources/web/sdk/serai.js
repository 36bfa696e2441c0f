// Serai's own module for browsers and for Node 20 or newer: one file, no dependencies. Guide: docs/connect.md

/**
 * What went wrong, wherever it did.
 * `code` is for programs (`connection_test_failed`, `blocked_by_browser`), `message` for people,
 * `status` is the HTTP status (0: no answer came), `payload` the whole answer where there was one.
 */
export class SeraiError extends Error {
  /** @param {string} code @param {string} message @param {{status?: number, payload?: unknown, cause?: unknown}} [more] */
  constructor(code, message, { status = 0, payload, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SeraiError';
    this.code = code;
    this.status = status;
    this.payload = payload;
  }
}

/**
 * @typedef {object} Options
 * @property {string} [host] where Serai is; default: where this module was loaded from, else http://localhost:3003
 * @property {string} [apiKey] server side only
 * @property {string} [sessionToken] of a connect session; for browsers
 * @property {string} [publicKey] @property {string} [hmac] instead of a session token, where allowed
 * @property {string} [webhookSigningKey] default: the API key, as environments begin
 * @property {string} [websocketsPath] default `/`
 */
/**
 * @typedef {object} AuthOptions
 * @property {Record<string, string>} [params] the connection's configuration
 * @property {Record<string, any>} [credentials] what was entered; without them a popup is opened
 * @property {string} [authMode] which of the provider's modes the credentials are for; default: told by their names
 * @property {Record<string, string | undefined>} [authorizationParams] @property {string[]} [userScope] @property {string} [hmac]
 * @property {boolean} [confirmAccountChange] a reconnect may bring another account of the provider
 * @property {boolean} [detectClosedAuthWindow] a closed popup is an error (`window_closed`)
 * @property {() => void} [onPopupClosed] the popup looks closed; its outcome may still come
 * @property {AbortSignal} [signal] @property {number} [width] @property {number} [height]
 */
/** @typedef {{providerConfigKey: string, connectionId: string, isPending?: boolean}} Connected */
/** @typedef {{providerConfigKey: string, connectionId: string}} Where */
/**
 * @typedef {{model: string, variant?: string, modifiedAfter?: string | Date, filter?: string,
 *   cursor?: string, limit?: number, ids?: string[]}} RecordQuery
 */
/** @typedef {{records: Record<string, any>[], next_cursor: string | null}} RecordPage */
/** @typedef {{method?: string, headers?: Record<string, string>, json?: any, body?: any, signal?: AbortSignal}} Call */
/** @typedef {{status: number, headers: Headers, data: any, json: boolean}} Answer `json`: it is, and was understood */
/**
 * @typedef {object} ProxyRequest
 * @property {string} endpoint path at the provider, e.g. `/v1/tickets` @property {string} [method] default GET
 * @property {string | Record<string, any>} [params] @property {any} [data] objects are sent as JSON
 * @property {Record<string, string>} [headers] @property {number} [retries] @property {number[]} [retryOn]
 * @property {string} [baseUrlOverride] @property {boolean} [decompress] @property {boolean} [forwardHeadersOnRedirect]
 */

const POPUP_MODES = ['OAUTH1', 'OAUTH2', 'APP', 'CUSTOM', 'MCP_OAUTH2'];
const DOORS = {
  API_KEY: '/api-auth/api-key', BASIC: '/api-auth/basic', OAUTH2_CC: '/oauth2/auth', TBA: '/auth/tba', JWT: '/auth/jwt',
  BILL: '/auth/bill', TWO_STEP: '/auth/two-step', SIGNATURE: '/auth/signature', AWS_SIGV4: '/auth/aws-sigv4',
  NONE: '/auth/unauthenticated',
};
const [SUCCEEDED, FAILED] = ['nango_oauth_callback_success', 'nango_oauth_callback_error'];
const SOCKET_FIRST = 1500; // milliseconds that the page at a popup's end waits for what the socket says
const FLOW_LASTS = 600_000;
/** @type {Record<string, string>} */
const TITLES = { en: 'Connect', de: 'Verbinden', fr: 'Connecter', es: 'Conectar' };
const JSON_TYPE = /[/+]json\s*(;|$)/i;
const TEXT = /^$|^text\/|[/+](json|xml|yaml|x-yaml|javascript|x-javascript|ecmascript|x-www-form-urlencoded|graphql|sql|(x-)?ndjson|jsonl|json-seq)\s*(;|$)/i;
const OWN_APP = ['oauth_client_id_override', 'oauth_client_secret_override', 'oauth_refresh_token_override'];

export class Serai {
  #apiKey; // private: a logged Serai does not show them
  #signingKey;

  /** @param {Options} [options] */
  constructor(options = {}) {
    this.host = String(options.host ?? home()).replace(/\/+$/, '');
    this.websocketsPath = options.websocketsPath ?? '/';
    this.sessionToken = options.sessionToken;
    this.publicKey = options.publicKey;
    this.hmac = options.hmac;
    this.#apiKey = options.apiKey;
    this.#signingKey = options.webhookSigningKey ?? options.apiKey;
  }

  /**
   * Connects: in a popup, or by posting `options.credentials`. Call it straight from a click, or the browser blocks the popup.
   * @param {string} integration its provider config key
   * @param {string | AuthOptions} [connectionId] only with a public key; a session has its own
   * @param {AuthOptions} [more]
   * @returns {Promise<Connected>}
   */
  async auth(integration, connectionId, more) {
    const options = typeof connectionId === 'object' ? connectionId : more ?? {};
    const query = this.#authQuery(typeof connectionId === 'string' ? connectionId : undefined, options);
    const mode = options.authMode ?? modeOf(options.credentials);
    return mode && !POPUP_MODES.includes(mode)
      ? this.#post(integration, mode, query, options)
      : this.#popup(integration, query, options);
  }

  /**
   * Shows Serai's Connect page over this one, or in a window of its own.
   * @param {{sessionToken?: string, onEvent?: (event: {type: string, payload?: any}) => void, mode?: 'iframe' | 'window',
   *   lang?: string, theme?: 'light' | 'dark' | 'system', detectClosedAuthWindow?: boolean}} [options]
   * @returns {{close: () => void, setSessionToken: (token: string) => void}}
   */
  openConnect(options = {}) {
    if (!globalThis.document) throw new SeraiError('no_browser', 'The Connect page needs a browser: send connect_link there');
    const address = new URL(this.host + '/connect/');
    if (options.lang) address.searchParams.set('lang', options.lang);
    if (options.theme) address.searchParams.set('theme', options.theme);
    if (options.detectClosedAuthWindow) address.searchParams.set('detectClosedAuthWindow', 'true');
    return options.mode === 'window' ? connectWindow(address, this, options) : connectFrame(address, this, options);
  }

  /**
   * Records of a model, oldest change first. `for await` follows the cursor to the end; `.page()` reads one page.
   * @param {Where & RecordQuery} query
   * @returns {AsyncIterable<Record<string, any>> & {page: (cursor?: string) => Promise<RecordPage>}}
   */
  listRecords(query) {
    /** @param {string} [cursor] */
    const page = async (cursor = query.cursor) =>
      own(await this.#call(recordsPath(query, cursor), { headers: where(query) }), (data) => Array.isArray(data?.records));
    return {
      page,
      async *[Symbol.asyncIterator]() {
        for (let cursor = query.cursor; ; ) {
          const { records, next_cursor } = await page(cursor);
          yield* records;
          if (!next_cursor) return;
          cursor = next_cursor;
        }
      },
    };
  }

  /**
   * Runs an action at the provider and answers its output; `async: true` is refused so far (`not_implemented`).
   * @param {Where & {action: string, input?: any, async?: boolean, maxRetries?: number, signal?: AbortSignal}} call
   */
  async triggerAction({ providerConfigKey, connectionId, action, input, async: later, maxRetries, signal }) {
    const headers = where({ providerConfigKey, connectionId });
    if (later) headers['X-Async'] = 'true';
    if (maxRetries !== undefined) headers['X-Max-Retries'] = String(maxRetries);
    return own(await this.#call('/action/trigger', { method: 'POST', headers, json: { action_name: action, input }, signal }));
  }

  /**
   * Calls the provider's own API as this connection. The provider's refusals are thrown, with its answer in `payload`.
   * `data` is parsed if it is JSON, a string if it is another text, else the bytes as a Uint8Array.
   * @param {Where & ProxyRequest} call
   * @returns {Promise<{status: number, headers: Headers, data: any}>}
   */
  async proxy(call) {
    /** @type {Record<string, string>} */
    const headers = { ...where(call), 'Base-Url-Override': call.baseUrlOverride ?? '' };
    for (const [name, value] of Object.entries(call.headers ?? {})) headers[`Nango-Proxy-${name}`] = value;
    if (call.retries !== undefined) headers['Retries'] = String(call.retries);
    if (call.retryOn) headers['Retry-On'] = call.retryOn.join(',');
    if (call.decompress !== undefined) headers['Decompress'] = String(call.decompress);
    if (call.forwardHeadersOnRedirect !== undefined) headers['Forward-Headers-On-Redirect'] = String(call.forwardHeadersOnRedirect);
    const query = typeof call.params === 'string' ? call.params : new URLSearchParams(call.params ?? {}).toString();
    const endpoint = '/proxy/' + call.endpoint.replace(/^\/+/, '');
    const path = query ? endpoint + (endpoint.includes('?') ? '&' : '?') + query.replace(/^\?/, '') : endpoint;
    const plain = call.data !== null && typeof call.data === 'object' && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(call.data));
    return this.request(path, { method: call.method ?? 'GET', headers, ...(plain ? { json: call.data } : { body: call.data }) });
  }

  /**
   * Whether a webhook is Serai's: its Standard Webhooks signature where it has one, which also refuses what is older than five
   * minutes, else `X-Nango-Hmac-Sha256`. Give the body as it came, before anything parsed it.
   * @param {string | Uint8Array | ArrayBuffer} rawBody
   * @param {Headers | Record<string, string | string[] | undefined>} headers
   * @param {{now?: number, tolerance?: number, standardOnly?: boolean}} [options] seconds; `standardOnly` also refuses a webhook without a timestamp
   * @returns {Promise<boolean>}
   */
  async verifyWebhook(rawBody, headers, { now = Date.now() / 1000, tolerance = 300, standardOnly = false } = {}) {
    const secret = this.#signingKey;
    if (!secret) throw new SeraiError('missing_signing_key', 'verifyWebhook needs webhookSigningKey or apiKey');
    const body = typeof rawBody === 'string' ? new TextEncoder().encode(rawBody) : new Uint8Array(rawBody);
    const header = (/** @type {string} */ name) => headerOf(headers, name);
    const [id, time, signatures] = [header('webhook-id'), header('webhook-timestamp'), header('webhook-signature')];
    if (id !== undefined || time !== undefined || signatures !== undefined || standardOnly) {
      if (!id || !signatures || !/^\d{1,12}$/.test(time ?? '') || Math.abs(now - Number(time)) > tolerance) return false;
      const signed = joined(new TextEncoder().encode(`${id}.${time}.`), body);
      for (const signature of signatures.split(' ')) {
        if (signature.startsWith('v1,') && await signs(secret, unbase64(signature.slice(3)), signed)) return true;
      }
      return false;
    }
    return signs(secret, unhex(header('x-nango-hmac-sha256') ?? ''), body);
  }

  /**
   * Any request of the API, with the API key or the session token.
   * @param {string} path @param {Call} [options]
   * @returns {Promise<{status: number, headers: Headers, data: any}>}
   */
  async request(path, options) {
    const { status, headers, data } = await this.#call(path, options);
    return { status, headers, data };
  }

  /** @param {string} path @param {Call} [options] */
  #call(path, { method = 'GET', headers = {}, json, body, signal } = {}) {
    const key = this.#apiKey ?? this.sessionToken;
    const all = { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers };
    return this.#send(path, { method, headers: all, body: json === undefined ? body : JSON.stringify(json), signal });
  }

  /** @param {string} path @param {RequestInit} init @returns {Promise<Answer>} */
  async #send(path, init) {
    let answer, data;
    try {
      answer = await fetch(this.host + path, { ...init, credentials: 'same-origin' });
      data = TEXT.test(typeOf(answer)) ? await answer.text() : new Uint8Array(await answer.arrayBuffer());
    } catch (cause) {
      // An abort is known by its signal: what is thrown then is whatever reason somebody gave.
      if (init.signal?.aborted) throw new SeraiError('aborted', 'The request was given up', { cause });
      throw new SeraiError('unreachable', answer ? `The answer of ${this.host} broke off` : `Serai cannot be reached at ${this.host}`, { cause });
    }
    const value = JSON_TYPE.test(typeOf(answer)) ? parsed(String(data)) : undefined;
    const { status, headers, ok } = answer;
    if (ok) return { status, headers, data: value === undefined ? data : value, json: value !== undefined };
    throw refusal(status, value === undefined ? data : value);
  }

  /** @param {string | undefined} connectionId @param {AuthOptions} options */
  #authQuery(connectionId, options) {
    const query = new URLSearchParams();
    const set = (/** @type {string} */ name, /** @type {any} */ value) => value !== undefined && query.set(name, value);
    set('connection_id', connectionId);
    set('public_key', this.publicKey);
    set('connect_session_token', this.sessionToken);
    Object.entries(options.params ?? {}).forEach(([name, value]) => set(`params[${name}]`, value));
    set('hmac', options.hmac ?? this.hmac);
    set('user_scope', options.userScope?.join(','));
    OWN_APP.forEach((name) => set(`credentials[${name}]`, options.credentials?.[name]));
    Object.entries(options.authorizationParams ?? {}).forEach(([name, value]) => query.set(`authorization_params[${name}]`, String(value)));
    if (options.confirmAccountChange) set('confirm_account_change', 'true');
    return query;
  }

  /** @param {string} integration @param {string} mode @param {URLSearchParams} query @param {AuthOptions} options @returns {Promise<Connected>} */
  async #post(integration, mode, query, options) {
    const door = DOORS[/** @type {keyof typeof DOORS} */ (mode)];
    if (!door) throw new SeraiError('invalid_auth_mode', `Nothing can be entered for the auth mode ${mode}`);
    OWN_APP.forEach((name) => query.delete(`credentials[${name}]`));
    const body = ['TWO_STEP', 'SIGNATURE'].includes(mode) ? { ...options.credentials, type: mode } : options.credentials;
    const init = mode === 'NONE' ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await this.#send(`${door}/${encodeURIComponent(integration)}?${query}`, { method: 'POST', signal: options.signal, ...init });
    return own(answer, (data) => typeof data?.connectionId === 'string');
  }

  /** @param {string} integration @param {URLSearchParams} query @param {AuthOptions} options @returns {Promise<Connected>} */
  async #popup(integration, query, options) {
    if (!globalThis.document) throw new SeraiError('no_browser', 'A popup needs a browser: give credentials, or send connect_link there');
    const { origin } = new URL(this.host);
    const popup = opened('', options); // at once, within the click
    if (!popup) throw new SeraiError('blocked_by_browser', 'The browser blocked the window');
    const socket = this.#socket(popup);
    // Serai's own pages hear the end of a flow even from a window that a provider has cut off from them.
    const channel = globalThis.origin === origin ? new BroadcastChannel('nango-oauth-callback') : undefined;
    return new Promise((resolve, reject) => {
      let over = false, seenClosed = false, lost = false, said = false;
      /** @type {string | undefined} */
      let id;
      /** @param {() => void} outcome @param {number} [linger] */
      const end = (outcome, linger = 0) => {
        if (over) return;
        over = true;
        unwatch();
        globalThis.removeEventListener('message', told);
        channel?.close();
        options.signal?.removeEventListener('abort', abort);
        socket.close();
        setTimeout(() => popup.close(), linger);
        outcome();
      };
      /** @param {string} code @param {string} message @param {unknown} [payload] */
      const fail = (code, message, payload) => end(() => reject(new SeraiError(code, message, { payload })));
      /** @param {string} providerConfigKey @param {string} connectionId @param {any} pending */
      const connected = (providerConfigKey, connectionId, pending) =>
        end(() => resolve({ providerConfigKey, connectionId, isPending: Boolean(pending) }), 500);
      const abort = () => fail('aborted', 'Connecting was given up');
      // The page that ends the popup says so as well. The socket says it better, but may be cut without anybody noticing.
      const ended = (/** @type {any} */ { type, payload = {} }) => {
        if (said) return;
        said = true;
        setTimeout(() => {
          if (type === SUCCEEDED) connected(payload.providerConfigKey, payload.connectionId, payload.isPending);
          else fail(payload.errorType ?? 'unknown_err', payload.message ?? '');
        }, lost ? 0 : SOCKET_FIRST);
      };
      // Of this flow and no other that goes on in the same browser.
      const mine = (/** @type {any} */ data) => [SUCCEEDED, FAILED].includes(data?.type) && id !== undefined && data.payload?.wsClientId === id;
      const told = (/** @type {MessageEvent} */ { source, origin: sender, data }) => {
        if (source !== popup || sender !== origin) return;
        // A login that came too late, or from another browser, is nobody's flow any more, but it is this popup's end.
        const nobodys = data?.type === FAILED && data.payload?.wsClientId === undefined;
        if (!nobodys && !mine(data)) return;
        popup.postMessage({ type: 'nango_oauth_callback_ack' }, origin); // lets it close itself
        ended(data);
      };
      /** Nothing can be heard any more, except on the channel. */
      const deaf = () => lost && seenClosed && setTimeout(() => fail('unreachable', 'The connection to Serai was lost on the way'), channel ? FLOW_LASTS : 1000);
      const unwatch = whenClosed(popup, () => {
        if (said) return;
        seenClosed = true;
        deaf();
        // A provider's own headers can make an open window look closed, so this is an error only where wanted.
        setTimeout(() => over || said || (options.detectClosedAuthWindow ? fail('window_closed', 'The window was closed before it was done') : options.onPopupClosed?.()), 1000);
      });
      globalThis.addEventListener('message', told);
      if (channel) channel.onmessage = ({ data }) => mine(data) && ended(data);
      options.signal?.addEventListener('abort', abort);
      if (options.signal?.aborted) abort();
      socket.onmessage = ({ data }) => {
        const frame = parsed(data);
        if (frame?.message_type === 'connection_ack') {
          id = frame.ws_client_id;
          query.set('ws_client_id', frame.ws_client_id);
          popup.location.href = `${this.host}/oauth/connect/${encodeURIComponent(integration)}?${query}`;
        } else if (frame?.message_type === 'success') {
          connected(frame.provider_config_key, frame.connection_id, frame.is_pending);
        } else if (frame?.message_type === 'error') {
          fail(frame.error_type ?? 'unknown_err', frame.error_desc ?? 'Connecting failed', { error: frame });
        }
      };
      socket.onclose = () => {
        lost = true;
        if (id === undefined) fail('unreachable', 'Serai cannot be reached by WebSocket');
        else deaf();
      };
    });
  }

  /** @param {Window} popup closed again if there can be none, e.g. to `http` from a page of `https` */
  #socket(popup) {
    const address = new URL(this.websocketsPath, this.host + '/');
    address.protocol = address.protocol.replace('http', 'ws');
    try {
      return new WebSocket(address);
    } catch (cause) {
      popup.close();
      throw new SeraiError('unreachable', `No WebSocket can be opened to ${address.origin}`, { cause });
    }
  }
}

function home() {
  return import.meta.url.startsWith('http') ? new URL(import.meta.url).origin : 'http://localhost:3003';
}

/** Which mode the credentials are for, by their names, as the Nango frontend SDK chooses. @param {Record<string, any>} [given] */
function modeOf(given) {
  if (!given || Object.keys(given).every((name) => OWN_APP.includes(name))) return undefined;
  if (['TWO_STEP', 'SIGNATURE', 'AWS_SIGV4'].includes(given.type)) return given.type;
  if ('organization_id' in given && 'dev_key' in given) return 'BILL';
  if ('apiKey' in given) return 'API_KEY';
  if ('username' in given || 'password' in given) return 'BASIC';
  if ('privateKey' in given || given.type === 'JWT') return 'JWT';
  if ('token_id' in given && 'token_secret' in given) return 'TBA';
  if ('role_arn' in given) return 'AWS_SIGV4';
  return 'client_id' in given ? 'OAUTH2_CC' : undefined;
}

/** @param {Response} answer */
const typeOf = (answer) => answer.headers.get('Content-Type') ?? '';

/**
 * Serai itself answers JSON of the shape that was asked for; anything else is from something on the way.
 * @param {Answer} answer @param {(data: any) => boolean} [fits]
 */
function own({ status, data, json }, fits = () => true) {
  if (json && fits(data)) return data;
  throw new SeraiError('invalid_answer', 'The answer is broken, or it is not from Serai', { status, payload: data });
}

/** Of Serai, or relayed from a provider, whose errors may look like anything. @param {number} status @param {any} payload */
function refusal(status, payload) {
  const { code, message, errors } = Object(payload?.error);
  const issues = Array.isArray(errors) ? errors.map((issue) => `${[issue?.path].flat().join('.')}: ${issue?.message}`).join('; ') : '';
  const words = typeof message === 'string' && message ? message : issues || `Serai answered ${status}`;
  return new SeraiError(typeof code === 'string' ? code : 'http_error', words, { status, payload });
}

/** @param {Where} of @returns {Record<string, string>} */
const where = ({ providerConfigKey, connectionId }) => ({ 'Provider-Config-Key': providerConfigKey, 'Connection-Id': connectionId });

/** @param {RecordQuery} query @param {string} [cursor] */
function recordsPath({ model, variant, modifiedAfter, filter, limit, ids }, cursor) {
  const search = new URLSearchParams({ model });
  const given = { variant, modified_after: modifiedAfter instanceof Date ? modifiedAfter.toISOString() : modifiedAfter, filter, limit, cursor };
  Object.entries(given).forEach(([name, value]) => value !== undefined && search.set(name, String(value)));
  ids?.forEach((id) => search.append('ids', id));
  return `/records?${search}`;
}

/** @param {string} address @param {{width?: number, height?: number}} size */
function opened(address, { width = 520, height = 680 }) {
  const left = Math.max(0, globalThis.screenX + (globalThis.outerWidth - width) / 2);
  const top = Math.max(0, globalThis.screenY + (globalThis.outerHeight - height) / 2);
  return globalThis.open(address, '_blank', `popup,width=${width},height=${height},left=${left},top=${top}`);
}

/** Calls once, when the window is closed or looks so; answers what ends the watch. @param {Window} page @param {() => void} then */
function whenClosed(page, then) {
  const watch = setInterval(() => page.closed && (clearInterval(watch), then()), 300);
  return () => clearInterval(watch);
}

/**
 * An opened Connect page: what it says is passed on, and it is given the token when it is ready for it.
 * @param {() => Window | null} page @param {string} origin @param {any} options @param {() => void} shut
 */
function conversation(page, origin, { sessionToken, onEvent }, shut) {
  let ready = false;
  const send = () => ready && sessionToken && page()?.postMessage({ type: 'session_token', sessionToken }, origin);
  const heard = (/** @type {MessageEvent} */ event) => {
    if (event.source !== page() || event.origin !== origin || !event.data?.type) return;
    if (event.data.type === 'ready') (ready = true), send();
    if (event.data.type === 'close') close();
    onEvent?.(event.data);
  };
  const close = () => (globalThis.removeEventListener('message', heard), shut());
  globalThis.addEventListener('message', heard);
  return { close, setSessionToken: (/** @type {string} */ token) => ((sessionToken = token), send()) };
}

/**
 * In a modal dialog, by which the browser itself makes the page behind inert and gives the focus back.
 * @param {URL} address @param {Serai} serai @param {any} options
 */
function connectFrame(address, serai, { sessionToken = serai.sessionToken, onEvent, lang }) {
  const dialog = document.createElement('dialog');
  const frame = document.createElement('iframe');
  dialog.lang = [lang, ...navigator.languages].map((tag) => String(tag).slice(0, 2).toLowerCase()).find((tag) => tag in TITLES) ?? 'en';
  frame.title = TITLES[dialog.lang];
  frame.allow = 'clipboard-write';
  dialog.setAttribute('aria-label', frame.title);
  const whole = { width: '100%', height: '100%', border: '0' };
  Object.assign(dialog.style, whole, { inset: '0', margin: '0', padding: '0', maxWidth: 'none', maxHeight: 'none', overflow: 'hidden', background: 'none' });
  Object.assign(frame.style, whole, { display: 'block', colorScheme: 'light' });
  const page = conversation(() => frame.contentWindow, address.origin, { sessionToken, onEvent }, () => (dialog.close(), dialog.remove()));
  // Escape before the page is there, or the back gesture of a phone.
  dialog.oncancel = () => (page.close(), onEvent?.({ type: 'close' }));
  frame.src = address.href;
  dialog.append(frame);
  document.body.append(dialog);
  dialog.showModal();
  frame.focus();
  return page;
}

/** @param {URL} address @param {Serai} serai @param {any} options */
function connectWindow(address, serai, { sessionToken = serai.sessionToken, onEvent }) {
  if (sessionToken) address.searchParams.set('session_token', sessionToken); // reaches a window that is cut off from this page, too
  const opening = opened(address.href, { width: 560, height: 760 });
  if (!opening) throw new SeraiError('blocked_by_browser', 'The browser blocked the window');
  const page = conversation(() => opening, address.origin, { sessionToken, onEvent }, () => (unwatch(), opening.close()));
  const unwatch = whenClosed(opening, () => (page.close(), onEvent?.({ type: 'close' })));
  return page;
}

/** @param {any} headers @param {string} name @returns {string | undefined} */
function headerOf(headers, name) {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name);
  const value = key === undefined ? undefined : headers[key];
  return Array.isArray(value) ? value[0] : value;
}

/** WebCrypto's own comparison: constant time. @param {string} secret @param {Uint8Array<ArrayBuffer>} signature @param {Uint8Array<ArrayBuffer>} body */
async function signs(secret, signature, body) {
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await globalThis.crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['verify']);
  return globalThis.crypto.subtle.verify('HMAC', key, signature, body);
}

/** @param {string} text */
const unhex = (text) => (/^[0-9a-f]{64}$/i.test(text) ? Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)) : new Uint8Array(0));
/** @param {string} text */
const unbase64 = (text) => (/^[A-Za-z0-9+/]{43}=$/.test(text) ? Uint8Array.from(atob(text), (c) => c.charCodeAt(0)) : new Uint8Array(0));
/** @param {Uint8Array} first @param {Uint8Array} second */
function joined(first, second) {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

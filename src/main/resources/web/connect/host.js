// Whoever opened this page: nobody (a link), a page that holds it in a frame, or one that opened a window.

const query = new URLSearchParams(location.search);
const flag = (name) => query.get(name) === 'true';
const framed = window.parent !== window;
const owner = framed ? window.parent : window.opener;

const WAIT_FOR_TOKEN = 10_000;

export const asked = {
  framed,
  /** Inside the customer's own layout, not over it. */
  embedded: framed && flag('embedded'),
  preview: flag('preview'),
  detectClosedAuthWindow: flag('detectClosedAuthWindow'),
  languages: [query.get('lang'), ...navigator.languages].filter(Boolean),
  theme: query.get('theme'),
};

/**
 * Tells the owner what happened. To any origin: we cannot know whose site it is, and nothing here is
 * secret, least of all to whoever brought the session token.
 */
export function tell(type, payload) {
  owner?.postMessage(payload === undefined ? { type } : { type, payload }, '*');
}

/** Calls back for every message of the owner, and of nobody else. */
export function listen(type, heard) {
  window.addEventListener('message', (event) => {
    if (owner && event.source === owner && event.data?.type === type) heard(event.data);
  });
}

/**
 * Calls back with the session token: of the address, else of the owner; `undefined` if it brings none within ten seconds.
 * The owner may still bring one later, or another: it calls back again.
 */
export function sessionTokens(heard) {
  let waiting;
  let last;
  const take = (token) => {
    if (typeof token !== 'string' || token === last) return;
    clearTimeout(waiting);
    heard((last = token));
  };
  listen('session_token', ({ sessionToken }) => take(sessionToken));
  const given = query.get('session_token') ?? history.state?.sessionToken;
  if (given) {
    hide(given);
    return take(given);
  }
  if (!owner) return heard(undefined);
  waiting = setTimeout(() => heard(undefined), WAIT_FOR_TOKEN);
  tell('ready');
}

/** Out of the address bar, screenshots and the list of visited pages; a reload still knows it. */
function hide(token) {
  const rest = new URLSearchParams(query);
  rest.delete('session_token');
  const search = rest.size ? `?${rest}` : '';
  history.replaceState({ sessionToken: token }, '', location.pathname + search);
}

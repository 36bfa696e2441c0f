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

/** The session token: from the address, else from the owner within ten seconds; else undefined. */
export function sessionToken() {
  const given = query.get('session_token') ?? history.state?.sessionToken;
  if (given) {
    hide(given);
    return Promise.resolve(given);
  }
  if (!owner) return Promise.resolve(undefined);
  return new Promise((found) => {
    setTimeout(() => found(undefined), WAIT_FOR_TOKEN);
    listen('session_token', ({ sessionToken: token }) => found(typeof token === 'string' ? token : undefined));
    tell('ready');
  });
}

/** Out of the address bar, screenshots and the list of visited pages; a reload still knows it. */
function hide(token) {
  const rest = new URLSearchParams(query);
  rest.delete('session_token');
  const search = rest.size ? `?${rest}` : '';
  history.replaceState({ sessionToken: token }, '', location.pathname + search);
}

// What can be seen, one function per screen; each shows itself and calls back.
import { announce, drawing, el, show } from './dom.js';

const ARCH = 'M10 60V33c0-13 9.5-18.5 22-28 12.5 9.5 22 15 22 28v27z';
const SIGNS = {
  done: 'M22.5 38.5l7 7 13-15',
  alert: 'M32 27v12M32 46v.5',
  window: 'M21 29h22v16H21zM21 34h22',
  clock: 'M32 28v9l6 4',
};

function sign(kind) {
  const waits = kind === 'waits';
  const picture = drawing(`sign ${kind}`, '0 0 64 64', ARCH, SIGNS[waits ? 'window' : kind]);
  return waits ? el('div.waits', {}, picture, el('i'), el('i'), el('i')) : picture;
}

/** The provider's picture, or its first letter. */
function face(name, logo) {
  const letter = el('span.face', { 'aria-hidden': 'true' }, [...name][0]?.toUpperCase() ?? '?');
  if (logo) {
    // From here, whatever name of ours the address has: the page may load from nowhere else.
    const image = el('img', { alt: '', src: new URL(new URL(logo, location.href).pathname, location.origin).href });
    image.addEventListener('load', () => letter.replaceChildren(image));
  }
  return letter;
}

const button = (text, onclick, kind = 'primary') => el(`button.${kind}`, { type: 'button', onclick }, text);

/** A drawing, a heading, lines of text and buttons: most screens are this. */
export function notice({ kind, title, lines = [], quote, buttons = [] }) {
  const heading = el('h1', {}, title);
  const texts = lines.filter(Boolean).map((line) => el('p.lead', {}, line));
  const said = quote ? el('figure.quote', {}, el('figcaption', {}, quote.by), el('blockquote', {}, quote.text)) : null;
  const actions = el('div.actions', {}, buttons.filter(Boolean).map(([text, onclick, look]) => button(text, onclick, look)));
  show(el('section.notice', {}, sign(kind), heading, texts, said, actions), heading);
  announce([...lines, quote?.text].filter(Boolean).join(' '));
}

/** @param integrations [{unique_key, display_name, logo}] @param pick called with one of them */
export function chooser(integrations, say, pick) {
  const heading = el('h1', {}, say('choose_title'));
  const none = el('p.lead', { hidden: true });
  const entries = integrations.map((integration) => {
    const name = integration.display_name ?? integration.unique_key;
    const entry = el('button.choice', { type: 'button', onclick: () => pick(integration) },
      face(name, integration.logo), el('span', {}, name), drawing('next', '0 0 16 16', 'M6 3.5l4.5 4.5L6 12.5'));
    return { text: `${name} ${integration.unique_key} ${integration.provider}`.toLowerCase(), row: el('li', {}, entry) };
  });
  const find = (text) => {
    const words = text.trim().toLowerCase();
    const found = entries.filter((entry) => ((entry.row.hidden = !entry.text.includes(words)), !entry.row.hidden)).length;
    none.hidden = found > 0;
    none.textContent = say('search_none', { text });
    announce(found ? say('search_count', { count: found }) : none.textContent);
  };
  // Escape empties the field first; only in an empty one it may close the page.
  const cleared = (event) => event.key === 'Escape' && search.value && (event.preventDefault(), find((search.value = '')));
  const search = el('input', { id: 'search', type: 'search', autocomplete: 'off', spellcheck: false, oninput: () => find(search.value), onkeydown: cleared });
  const searching = integrations.length > 5 && el('div.field.search', {}, el('label', { htmlFor: 'search' }, say('search')), el('div.box', {}, search));
  show(el('section', {}, heading, el('p.lead', {}, say('choose_lead')), searching, el('ul.choices', {}, entries.map(({ row }) => row)), none), heading);
}

/**
 * @param offer {name, logo, docs, ways, way, reconnecting, externalId}; the last is for roles of AWS
 * @param fields made by form()
 * @param onWay called with another way; @param onSubmit called when the form is sent
 * @returns {{busy: (text?: string) => void, refuse: (...lines: string[]) => void, shown: () => boolean}}
 */
export function details({ name, logo, docs, ways, way, reconnecting, externalId }, fields, say, onWay, onSubmit) {
  const heading = el('h1', {}, say(reconnecting ? 'reconnect_title' : 'connect_title', { name }));
  const lead = way.popup ? 'popup_lead' : way.fields.length ? 'form_lead' : 'none_lead';
  const refused = el('div.summary', { role: 'alert', tabIndex: -1, hidden: true });
  const submit = el('button.primary', { type: 'submit' }, way.popup ? say('submit_popup', { name }) : say('submit'));
  const link = docs && /^https?:/.test(docs) ? el('p.docs', {}, el('a', { href: docs, target: '_blank', rel: 'noopener noreferrer' }, say('docs'), el('span.unseen', {}, ' ' + say('new_window')))) : null;
  const external = way.mode === 'AWS_SIGV4' && externalId ? el('p.docs', {}, say('external_id'), ' ', el('code', {}, externalId)) : null;
  const sheet = el('form', { noValidate: true, onsubmit: (event) => (event.preventDefault(), (refused.hidden = true), onSubmit()) },
    ways.length > 1 ? switcher(ways, way, say, onWay) : null, refused, external, fields.elements, link, el('div.actions', {}, submit));
  const top = el('div.pair', {}, face(name, logo), el('i'), el('i'), el('i'), drawing('arch', '0 0 64 64', ARCH));
  show(el('section', {}, top, heading, reconnecting ? el('p.lead', {}, say('reconnect_lead')) : null, el('p.lead', {}, say(lead, { name })), sheet), heading);
  return {
    /** While something is checked nothing else can be done here; the focus waits at the button. */
    busy(text) {
      if (text) submit.focus();
      for (const control of sheet.elements) if (control !== submit) control.disabled = Boolean(text);
      submit.classList.toggle('busy', Boolean(text));
      submit.setAttribute('aria-disabled', String(Boolean(text)));
      announce(text ?? '');
    },
    refuse(...lines) {
      refused.replaceChildren(...lines.map((line) => el('p', {}, line)));
      refused.hidden = false;
      refused.focus();
    },
    shown: () => sheet.isConnected,
  };
}

function switcher(ways, chosen, say, onWay) {
  return el('fieldset.ways', {}, el('legend', {}, say('how')),
    ways.map((way) => el('label', {},
      el('input', { type: 'radio', name: 'way', checked: way === chosen, onchange: () => onWay(way) }), el('span', {}, say.mode(way.mode)))));
}

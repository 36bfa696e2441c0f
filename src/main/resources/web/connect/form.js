// The fields of one way to connect: drawn, checked when left and when sent, explained when wrong.
import { el } from './dom.js';

/**
 * Elements for each field, and `read()`, which answers `{params, credentials}` or shows what is wrong.
 * @param kept what was typed before, by field; it is filled in again, and kept up to date
 */
export function form(fields, say, kept) {
  const drawn = fields.map((field) => draw(field, say, kept));
  const summary = el('div.summary', { role: 'alert', tabIndex: -1, hidden: true });
  return {
    elements: [summary, ...drawn.map(({ row }) => row)],
    read() {
      const wrong = drawn.filter((one) => !one.check());
      summarize(summary, wrong, say);
      return wrong.length === 0 ? values(drawn) : undefined;
    },
    /** What the server found wrong: `[{path}]`, told in our own words. Answers whether every one has its field. */
    mark(issues) {
      const wrong = new Set(issues.map(({ path }) => drawn.find(({ field }) => addressOf(field) === path?.join('.'))));
      if (!wrong.size || wrong.has(undefined)) return false;
      wrong.forEach((one) => one.object());
      summarize(summary, [...wrong], say);
      return true;
    },
  };
}

function values(drawn) {
  const all = { params: {}, credentials: {} };
  for (const { field, input } of drawn) {
    const value = field.secret ? input.value : input.value.trim();
    if (value || !field.optional || field.name === 'password') put(all[field.group], field, value);
  }
  return all;
}

/** Of credentials a dot in the name stands for nesting: `privateKey.id` is the key `id` of the object `privateKey`. */
function put(into, field, value) {
  const path = field.group === 'credentials' ? field.name.split('.') : [field.name];
  const last = path.pop();
  const parent = path.reduce((object, key) => (object[key] ??= {}), into);
  parent[last] = value;
}

/** How the server names it in an error's path. */
const addressOf = ({ group, name }) => (group === 'params' ? `connection_config.${name}` : name);

function summarize(summary, wrong, say) {
  summary.hidden = wrong.length === 0;
  if (!wrong.length) return summary.replaceChildren();
  summary.replaceChildren(
    el('p', {}, say(wrong.length === 1 ? 'summary_one' : 'summary', { count: wrong.length })),
    el('ul', {}, wrong.map(({ input, problem }) =>
      el('li', {}, el('a', { href: `#${input.id}`, onclick: (event) => (event.preventDefault(), input.focus()) }, problem.textContent)))),
  );
  summary.focus();
}

function draw(field, say, kept) {
  const id = `field-${field.group}-${field.name}`;
  const title = say.title(field.name, field.title);
  const input = el(field.long ? 'textarea' : 'input', {
    id, name: field.name, value: kept[id] ?? field.initial, spellcheck: false, autocapitalize: 'none', 'aria-required': field.optional ? undefined : 'true',
    // Not "new-password", which makes browsers offer to think up a key that the provider knows nothing of.
    ...(field.long ? { rows: 4 } : { type: field.secret ? 'password' : 'text' }), autocomplete: 'off', oninput: () => (kept[id] = input.value),
  });
  const help = el('p.help', { id: `${id}-help` }, helpText(field, say));
  const problem = el('p.problem', { id: `${id}-problem`, hidden: true });
  describe(input, [help.textContent && help.id]);
  const row = el('div.field', {},
    el('label', { htmlFor: id }, title, field.optional ? el('span.optional', {}, say('optional')) : null),
    el('div.box', {}, input, field.secret && !field.long ? eye(input, title, say) : null),
    problem, help.textContent ? help : null);

  const complain = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
    input.setAttribute('aria-invalid', String(Boolean(text)));
    describe(input, [text && problem.id, help.textContent && help.id]);
  };
  const check = () => {
    complain(wrongWith(field, input.value.trim(), title, say));
    return problem.hidden;
  };
  input.addEventListener('blur', () => (input.value || input.getAttribute('aria-invalid') === 'true') && check());
  input.addEventListener('input', () => input.getAttribute('aria-invalid') === 'true' && check());
  const object = () => complain(input.value.trim() ? unlike(field, title, say) : say('missing', { title }));
  return { field, row, input, problem, check, object };
}

function helpText(field, say) {
  const example = field.example && !field.secret ? say('example', { example: field.example }) : '';
  return [say.help(field.name, field.description), example].filter(Boolean).join(' · ');
}

function describe(input, ids) {
  const given = ids.filter(Boolean).join(' ');
  if (given) input.setAttribute('aria-describedby', given);
  else input.removeAttribute('aria-describedby');
}

function wrongWith(field, value, title, say) {
  if (!value) return field.optional ? '' : say('missing', { title });
  return !field.pattern || field.pattern.test(value) ? '' : unlike(field, title, say);
}

const unlike = (field, title, say) => say(field.example && !field.secret ? 'mismatch_example' : 'mismatch', { title, example: field.example });

function eye(input, title, say) {
  const button = el('button.plain.eye', { type: 'button', 'aria-label': say('show_of', { title }), 'aria-controls': input.id }, say('show'));
  button.addEventListener('click', () => {
    const shown = input.type === 'password';
    input.type = shown ? 'text' : 'password';
    button.textContent = say(shown ? 'hide' : 'show');
    button.setAttribute('aria-label', say(shown ? 'hide_of' : 'show_of', { title }));
  });
  return button;
}

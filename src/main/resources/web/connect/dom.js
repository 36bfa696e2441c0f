// Elements by hand: text is always text, so nothing that a server says can become markup.

/** `el('a.link', {href}, 'text', child, null)`; properties beginning with `on` are listeners. */
export function el(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split('.');
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(' ');
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name in made && !name.startsWith('aria')) made[name] = value; // also false, such as spellcheck's
    else if (value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A picture of strokes only; hidden from screen readers. */
export function drawing(name, box, ...paths) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', box);
  svg.setAttribute('class', name);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  for (const d of paths) {
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

/** Puts one screen in place of the other and the focus on its heading, where reading begins; what was said of the other is over. */
export function show(screen, heading) {
  announce('');
  const view = document.getElementById('view');
  view.replaceChildren(screen);
  document.title = heading.textContent;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  view.closest('.card').scrollTop = 0;
}

/** Said by screen readers, seen by nobody. */
export function announce(text) {
  document.getElementById('live').textContent = text;
}

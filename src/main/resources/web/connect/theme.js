// Light or dark, and the customer's own colour, made readable whatever it is.

const DARK = window.matchMedia('(prefers-color-scheme: dark)');
const SURFACE = { light: '#fffdf9', dark: '#191f22' };
let wish = { theme: 'system', colours: {} };

/** @param settings connectUISettings of the session; `asked` in the address wins over its default */
export function dress(settings = {}, asked = null) {
  const theme = ['light', 'dark', 'system'].includes(asked) ? asked : settings.defaultTheme ?? 'system';
  wish = { theme, colours: settings.theme ?? {} };
  apply();
}

DARK.addEventListener('change', apply);

function apply() {
  const scheme = wish.theme === 'system' ? (DARK.matches ? 'dark' : 'light') : wish.theme;
  const root = document.documentElement;
  root.dataset.theme = scheme;
  const primary = rgb(wish.colours[scheme]?.primary);
  for (const name of ['--primary', '--on-primary', '--primary-text']) root.style.removeProperty(name);
  if (!primary) return;
  root.style.setProperty('--primary', css(primary));
  root.style.setProperty('--on-primary', contrast(primary, [255, 255, 255]) >= 4.5 ? '#ffffff' : '#101416');
  root.style.setProperty('--primary-text', css(readable(primary, rgb(SURFACE[scheme]), scheme)));
}

function rgb(colour) {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour ?? '')?.[1];
  if (!hex) return undefined;
  const long = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
  return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16));
}

const css = (colour) => `rgb(${colour.map(Math.round).join(' ')})`;

/** Darker (or lighter) until text in it can be read on the card: WCAG AA, 4.5. */
function readable(colour, surface, scheme) {
  const towards = scheme === 'dark' ? 255 : 0;
  let text = colour;
  for (let i = 0; i < 20 && contrast(text, surface) < 4.6; i++) text = text.map((part) => part + (towards - part) * 0.12);
  return text;
}

function contrast(one, other) {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dim + 0.05);
}

function luminance(colour) {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// The page's words. A missing one is a bug that the build finds, so there is no fallback per word.
import de from './de.js';
import en from './en.js';
import es from './es.js';
import fr from './fr.js';

const LANGUAGES = { en, de, fr, es };

/** The first language we speak of those wanted, e.g. `['de-CH', 'en']`; else English. */
export function chosen(wanted) {
  return wanted.map((tag) => String(tag).toLowerCase().split(/[-_]/)[0]).find((tag) => Object.hasOwn(LANGUAGES, tag)) ?? 'en';
}

/** Answers `say(key, values)`: a text with its `{values}` put in. */
export function speaking(language) {
  const texts = LANGUAGES[language];
  const say = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  /** The provider's own words, unless they are the usual English ones, which we can say better. */
  const better = (key, given) => {
    const usual = texts[key];
    const same = given && given.toLowerCase() === en[key]?.toLowerCase();
    return usual && (!given || same) ? usual : given;
  };
  say.title = (name, given) => better(`field_${name}`, given) || name;
  say.help = (name, given) => (given ? better(`help_${name}`, given) : given);
  say.mode = (mode) => texts[`mode_${mode}`] ?? mode;
  say.language = language;
  return say;
}

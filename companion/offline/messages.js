// Finds a message as Python's gettext does: along a chain of catalogues, each with its own plural rule. A message that
// only templates use, and every language has, is asked for by its number and has 0 for its id.

/**
 * The words of one language. Messages come with their `%(holes)s` still open.
 * @param {string} lang
 * @returns {{gettext: function(string): string, ngettext: function(string, string, number): string}}
 */
export function translator(lang) {
  const catalogues = chains[lang].map((code) => ({ plural: plurals[code], texts: new Map(ids.map((id, at) => [id || at, texts[code][at]])) }));
  return {
    gettext(id) {
      for (const { plural, texts } of catalogues) {
        const text = texts.get(id);
        if (text) return Array.isArray(text) ? text[plural(1)] : text;
      }
      return id;
    },
    ngettext(one, many, n) {
      for (const { plural, texts } of catalogues) {
        const forms = texts.get(one);
        if (Array.isArray(forms)) return forms[plural(n)];
      }
      return n === 1 ? one : many;
    },
  };
}

/** The catalogues, made by companion/offline/messages.py. */
export function translator(lang: string): {
  gettext(message: string): string;
  ngettext(one: string, many: string, n: number): string;
};

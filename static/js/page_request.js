/** The form for a request to one exhibitor. Twin of companion/visitors/page_request.py. */
import { href, page, param } from './ask.js';
import { NATIVE, local } from './format.js';
import { product } from './page_exhibitor.js';
import { missing } from './page_missing.js';

// The version of the wording a visitor agrees to, which is in the template. Another wording needs another version.
const CONSENT = '1';
// What the form has besides products, and `other`: what is wrong with the whole.
const FIELDS = ['wants', 'name', 'phone', 'same', 'whatsapp', 'email', 'message', 'lang', 'consent', 'other'];
const RECORD = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * `/e/<CODE>/request`. typed, wrong: what was typed and what is wrong with it, by field, when the server read the form;
 * sent: the number of a request that was left without scripts.
 */
export function request(catalogue, ask, code) {
  const record = catalogue.exhibitor(code);
  if (!record) return missing(catalogue, ask, 'exhibitor', code);
  const { gettext: _, lang } = ask;
  const sent = param(ask, 'sent');
  const nothing = () => Object.fromEntries(FIELDS.map((name) => [name, '']));
  return page(catalogue, { ...ask, path: `/e/${record.code}/request` }, 'request', _('Leave a request'), {
    code: record.code,
    name: local(record.name, lang),
    sector: record.sector ?? '',
    booth: catalogue.home(record)?.code ?? '',
    exhibitor_href: href(ask, `/e/${record.code}`),
    action: href(ask, `/e/${record.code}/request`),
    products: (record.products ?? []).map((item) => product(catalogue, ask, item)),
    tongues: ask.languages.map((code) => ({ code, name: NATIVE[code] })),
    consent: `${CONSENT}.${lang}`,
    sent: RECORD.test(sent) ? sent : '',
    typed: nothing(),
    wrong: nothing(),
  });
}

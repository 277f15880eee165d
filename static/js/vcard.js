/**
 * An exhibitor as a contact card, vCard 3.0: 4.0 comes out garbled on iPhones.
 * Twin of companion/visitors/vcard.py.
 */
import { fairName, href } from './ask.js';
import { place } from './cards.js';
import { fill, website, words } from './format.js';
import { content, escape } from './lines.js';

/** RFC 2426. The note says where we met: booth and fair. */
export function vcard(catalogue, ask, exhibitor) {
  const { lang, gettext: _ } = ask;
  const name = escape(words(exhibitor.name, lang) || exhibitor.code);
  const town = escape(place(catalogue, exhibitor, lang)?.text ?? '');
  const province = escape(words(catalogue.texts('province', exhibitor.province ?? ''), lang));
  const booths = (exhibitor.booths ?? []).join(', ');
  const fair = fairName(catalogue, ask);
  const note = booths ? `${fill(_('Booth %(code)s'), { code: booths })} · ${fair}` : fair;
  return content([
    ['BEGIN', 'VCARD'],
    ['VERSION', '3.0'],
    ['N', `${name};;;;`],
    ['FN', name],
    ['ORG', name],
    ['X-ABSHOWAS', 'COMPANY'],
    ...(exhibitor.phones ?? []).map((number) => ['TEL;TYPE=WORK,VOICE', number]),
    ['EMAIL;TYPE=INTERNET', escape(exhibitor.email ?? '')],
    ['ADR;TYPE=WORK', `;;;${town};${province};;${escape(_('Morocco'))}`],
    ['URL', website(exhibitor.website ?? '')?.href],
    ['URL', ask.base_url && ask.base_url + href(ask, `/e/${exhibitor.code}`)],
    ['NOTE', escape(note)],
    ['REV', catalogue.snapshot.made],
    ['END', 'VCARD'],
  ]);
}

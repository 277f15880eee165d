/** A workshop for a phone's calendar (RFC 5545). Twin of companion/visitors/ical.py. */
import { href } from './ask.js';
import { span } from './cards.js';
import { utc, words } from './format.js';
import { content, escape } from './lines.js';

const STATUS = { confirmed: 'CONFIRMED', postponed: 'TENTATIVE', cancelled: 'CANCELLED' };

/** One event. The same workshop keeps its UID in later files, so a calendar updates it: SEQUENCE only grows. */
export function ical(catalogue, ask, workshop) {
  const { fair, snapshot } = catalogue;
  const { lang, base_url } = ask;
  const [starts, ends] = span(workshop).map((count) => utc(count, fair));
  const about = [words(workshop.speaker, lang), words(workshop.abstract, lang)];
  const where = [catalogue.place(workshop.room)?.label, fair.name, fair.place].map((texts) => words(texts, lang));
  const host = base_url.split('://')[1] || 'rafiq';
  return content([
    ['BEGIN', 'VCALENDAR'],
    ['VERSION', '2.0'],
    ['PRODID', `-//Rafiq//Fair companion//${lang.toUpperCase()}`],
    ['METHOD', 'PUBLISH'],
    ['BEGIN', 'VEVENT'],
    ['UID', `${workshop.code}-${workshop.date.slice(0, 4)}@${host}`],
    ['DTSTAMP', snapshot.made.replace(/[-:]/g, '')],
    ['SEQUENCE', String(snapshot.seq)],
    ['DTSTART', starts],
    ['DTEND', ends],
    ['SUMMARY', escape(words(workshop.title, lang))],
    ['DESCRIPTION', escape(about.filter(Boolean).join('\n'))],
    ['LOCATION', escape(where.filter(Boolean).join(', '))],
    ['STATUS', STATUS[workshop.status] ?? 'CONFIRMED'],
    ['URL', base_url && base_url + href(ask, `/programme/${workshop.code}`)],
    ['END', 'VEVENT'],
    ['END', 'VCALENDAR'],
  ]);
}

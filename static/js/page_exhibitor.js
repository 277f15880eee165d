/** One exhibitor, by code or by booth; a booth nobody holds. Twin of companion/visitors/page_exhibitor.py. */
import { href, page } from './ask.js';
import { card, nearby, place, spoken } from './cards.js';
import { contact } from './contact.js';
import { excerpt, fill, fnv, local, plain, price, tagged, words } from './format.js';
import { own } from './own.js';
import { missing } from './page_missing.js';
import { vcard } from './vcard.js';

const VCF = /\.vcf$/i;

/** `/e/<CODE>` and `/e/<CODE>.vcf`. */
export function exhibitor(catalogue, ask, code) {
  const record = catalogue.exhibitor(code.replace(VCF, ''));
  if (!record) return missing(catalogue, ask, 'exhibitor', code);
  if (VCF.test(code)) {
    const body = vcard(catalogue, ask, record);
    return { status: 200, type: 'text/vcard; charset=utf-8', filename: `${record.code}.vcf`, body };
  }
  return article(catalogue, { ...ask, path: `/e/${record.code}` }, record, catalogue.home(record), false);
}

/** `/b/<BOOTH>`: what a poster opens. The visitor stands there, so distances start there. */
export function booth(catalogue, ask, code) {
  const record = catalogue.booth(code);
  if (!record) return missing(catalogue, ask, 'booth', code);
  const here = { ...ask, path: `/b/${record.code}` };
  const holder = catalogue.holder(record);
  if (holder) return article(catalogue, here, holder, record, true);
  const { gettext: _ } = ask;
  return page(catalogue, here, 'booth_free', fill(_('Booth %(code)s'), { code: record.code }), {
    booth: record.code,
    map_href: href(ask, '/map', { at: record.code }),
    nearby: nearby(catalogue, ask, record),
  });
}

function article(catalogue, ask, record, booth, here) {
  const { lang } = ask;
  const number = booth?.code ?? '';
  const { code, founded = 0, members = 0, women = 0, women_led = false, booths = [] } = record;
  const title = words(record.name, lang);
  const answer = page(catalogue, ask, 'exhibitor', title, {
    code, here, founded, members, women, women_led,
    booth: number,
    name: local(record.name, lang),
    names: otherNames(record, ask),
    about: local(record.about, lang),
    booths: booths.map((code) => ({
      code,
      href: href(ask, `/b/${code}`),
      map_href: href(ask, '/map', { [here && code === number ? 'at' : 'to']: code }),
    })),
    weave: weave(catalogue, record),
    photos: (record.photos ?? []).map((name) => `/photos/${name}.webp`),
    ...origin(catalogue, ask, record),
    ...offer(catalogue, ask, record),
    ...contact(catalogue, ask, record, number),
    request_href: href(ask, `/e/${record.code}/request`),
    same_sector: sameSector(catalogue, record, booth).map((other) => card(catalogue, ask, other)),
    nearby: booth ? nearby(catalogue, ask, booth) : [],
  });
  answer.context.description = excerpt(words(record.about, lang)) || title;
  return answer;
}

/** The name in the other languages that are on, as far as it has been written in them. */
function otherNames({ name }, { lang, languages }) {
  const shown = local(name, lang);
  const others = languages.filter((code) => name[code] && code !== shown.lang);
  return others.map((code) => tagged(name[code], code, lang));
}

/** What an exhibitor is and where it comes from. */
function origin(catalogue, ask, record) {
  const named = (name) => local(catalogue.texts(name, record[name] ?? ''), ask.lang);
  const { sector: code } = record;
  return {
    kind: named('kind'),
    sector: code ? { code, name: named('sector'), href: href(ask, '/exhibitors', { sector: code }) } : null,
    zone: named('zone'),
    province: named('province'),
    commune: place(catalogue, record, ask.lang),
  };
}

/** What an exhibitor sells and how. */
function offer(catalogue, ask, record) {
  const { gettext: _, lang } = ask;
  const { labels, certifications } = catalogue.snapshot;
  const known = new Map([
    ['cash', _('Cash')], ['mobile', _('Mobile payment')], ['card', _('Card')], ['transfer', _('Bank transfer')],
  ]);
  const named = (table, slugs = []) => slugs.map((slug) => local(own(table, slug), lang)).filter(Boolean);
  return {
    products: (record.products ?? []).map((item) => product(catalogue, ask, item)),
    labels: named(labels, record.labels),
    certifications: named(certifications, record.certifications),
    languages_spoken: spoken(ask, record.languages ?? []),
    payment: (record.payment ?? []).filter((code) => known.has(code)).map((code) => known.get(code)),
    delivery: yesOrNo(record.delivery),
    orders: yesOrNo(record.orders),
  };
}

/** One product as it is shown. */
export function product(catalogue, ask, { name, unit = '', price, label, available = true }) {
  const { lang } = ask;
  const { units, labels } = catalogue.snapshot;
  const known = own(units, unit);
  return {
    name: local(name, lang),
    unit: known ? local(known, lang) : plain(unit, lang),
    price: Number.isInteger(price) ? amount(catalogue, ask, price) : '',
    label: local(own(labels, label), lang),
    available,
  };
}

/** A price with its currency; dirhams as people write them. */
function amount({ fair: { currency = 'MAD' } }, { gettext: _, lang }, centimes) {
  const shown = price(centimes, lang);
  return currency === 'MAD' ? fill(_('%(amount)s DH'), { amount: shown }) : `${shown}\u00a0${currency}`;
}

const yesOrNo = (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : '');

/** Up to six others of the sector: the nearest to the booth in a straight line, or the first by code. */
function sameSector(catalogue, record, booth) {
  const { sector } = record;
  const peers = catalogue.exhibitors.filter((other) => other !== record && sector && other.sector === sector);
  if (!booth) return peers.slice(0, 6);
  const far = ({ home }) => (home ? catalogue.apart(booth, home) : Number.MAX_VALUE);
  const homes = peers.map((peer) => ({ peer, home: catalogue.home(peer) }));
  homes.sort((a, b) => far(a) - far(b) || (a.peer.code < b.peer.code ? -1 : 1));
  return homes.slice(0, 6).map(({ peer }) => peer);
}

/**
 * What the woven pattern of an exhibitor without a photo is drawn from, always the same for one exhibitor.
 * hue: the place of its sector in the sorted sectors. seed: a 32-bit hash of code and sector. bands: eight threads
 * of it, each 0 to 7.
 */
function weave({ snapshot }, { code, sector = '' }) {
  const seed = fnv(`${code}/${sector}`);
  return {
    hue: Math.max(0, Object.keys(snapshot.sectors ?? {}).sort().indexOf(sector)),
    seed,
    bands: Array.from({ length: 8 }, (_, band) => (seed >>> (3 * band)) & 7),
  };
}

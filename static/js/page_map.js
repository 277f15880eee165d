/** The plan of the fair: booths, the way to one, the round of many. Twin of companion/visitors/page_map.py. */
import { href, page, param } from './ask.js';
import { card, listed, sectors } from './cards.js';
import { fill, local, tidy, words } from './format.js';
import { typed } from './index.js';

const PACE = 50; // metres a minute in a crowded hall, with a glance left and right
const MOST_STOPS = 40;
const UNDERFOOT = ['outdoor', 'hall', 'aisle']; // the types of place one walks on, in the order they are drawn

/**
 * `/map`. at: where the visitor stands, a booth or an entrance; to: where to; stops: booths to visit, put in the
 * order of the shortest walk. Codes that are not on the plan are named in `problem` and left out.
 */
export function plan(catalogue, ask) {
  const { gettext: _, lang } = ask;
  const { fair, floor } = catalogue;
  const places = catalogue.places.filter(drawn).map((place) => placeBox(lang, place));
  const at = spot(catalogue, param(ask, 'at'));
  const [start, end] = [at?.code ?? '', spot(catalogue, param(ask, 'to'))?.code ?? ''];
  const asked = listed(param(ask, 'stops'), 400);
  const known = asked.map((code) => catalogue.booth(code)).filter((booth) => booth && catalogue.holder(booth));
  const stops = new Map(known.map((booth) => [booth.code, catalogue.holder(booth)]));
  const trip = stops.size ? floor.trip(start || null, [...stops.keys()].slice(0, MOST_STOPS)) : [];
  return page(catalogue, ask, 'map', _('Map'), {
    width: fair.plan?.w ?? 0,
    height: fair.plan?.h ?? 0,
    booths: catalogue.booths.filter(drawn).map((booth) => boothBox(catalogue, ask, booth)),
    places: places.filter(({ type }) => !UNDERFOOT.includes(type)),
    aisles: UNDERFOOT.flatMap((kind) => places.filter(({ type }) => type === kind)),
    letters: letters(catalogue),
    legend: sectors(catalogue, ask),
    at: start,
    here: at ? centre(at) : null,
    to: end,
    route: route(floor, [start, ...trip.map(({ booth }) => booth), end].filter(Boolean)),
    stops: trip.map(({ booth, metres }) => ({ booth, metres, card: card(catalogue, ask, stops.get(booth)) })),
    starts: starts(catalogue, ask),
    problem: problem(catalogue, ask, asked, stops.size),
  });
}

/** Whether a booth or place has a size; a booth that only a list names has none until a plan gives it one. */
const drawn = ({ w, h }) => Boolean(w && h);

/** A booth or a place, however its code is written, if the plan has it. */
function spot(catalogue, code) {
  const spelt = () => catalogue.places.find((place) => typed(place.code) === typed(code));
  const found = catalogue.booth(code) ?? catalogue.place(code) ?? spelt();
  return found && drawn(found) ? found : undefined;
}

const half = (size) => Math.floor(size / 2);

const centre = ({ x, y, w, h }) => ({ x: x + half(w), y: y + half(h) });

/** A rectangle of the plan in decimetres, with its centre. */
const box = ({ x, y, w, h }) => ({ x, y, w, h, cx: x + half(w), cy: y + half(h) });

function boothBox(catalogue, ask, booth) {
  const exhibitor = catalogue.holder(booth);
  return {
    ...box(booth),
    code: booth.code,
    // The booth's own address would tell the phone that the visitor stands there.
    href: href(ask, exhibitor ? `/e/${exhibitor.code}` : `/b/${booth.code}`),
    name: words(exhibitor?.name, ask.lang),
    exhibitor: exhibitor?.code ?? '',
    sector: exhibitor?.sector ?? '',
  };
}

const placeBox = (lang, place) => ({
  ...box(place), code: place.code, type: place.type, label: local(place.label, lang),
});

/** The letter of each zone of booths, to be written on the aisle where the zone begins: beside it, else above it. */
function letters({ booths, places }) {
  const zones = new Map();
  for (const booth of booths.filter(drawn)) {
    if (booth.zone) zones.set(booth.zone, [...zones.get(booth.zone) ?? [], booth]);
  }
  return [...zones].map(([code, boxes]) => {
    const left = Math.min(...boxes.map(({ x }) => x));
    const top = Math.min(...boxes.map(({ y }) => y));
    const bottom = Math.max(...boxes.map(({ y, h }) => y + h));
    const [cx, cy] = [Math.max(12, left - 18), half(top + bottom)];
    const taken = places.some(({ type, x, y, w, h }) => !UNDERFOOT.includes(type) && x <= cx && cx <= x + w && y <= cy && cy <= y + h);
    return taken ? { code, cx: left + 12, cy: top - 15 } : { code, cx, cy };
  });
}

/** The entrances, the widest first, for whoever has scanned nothing yet; each link keeps where the visitor goes. */
function starts({ places }, ask) {
  const entrances = places.filter((place) => place.type === 'entrance' && drawn(place));
  return entrances.sort((one, other) => Math.max(other.w, other.h) - Math.max(one.w, one.h)).map(({ code, label }) => ({
    code,
    label: local(label, ask.lang),
    href: href(ask, '/map', { at: code, to: param(ask, 'to'), stops: param(ask, 'stops') }),
  }));
}

/** The walk from each code to the next, as one line; null when there is nothing to walk or no way. */
function route(floor, codes) {
  const pairs = codes.slice(1).map((end, index) => [codes[index], end]);
  const ways = pairs.filter(([start, end]) => start !== end).map(([start, end]) => floor.route(start, end));
  if (!ways.length || !ways.every(Boolean)) return null;
  const metres = ways.reduce((sum, way) => sum + way.metres, 0);
  const points = ways.flatMap((way) => way.points).map(([x, y]) => `${x},${y}`);
  return { points: points.join(' '), metres, minutes: Math.max(1, Math.ceil(metres / PACE)) };
}

/** What could not be done as asked; '' when all could. */
function problem(catalogue, ask, asked, stops) {
  const { gettext: _, ngettext } = ask;
  const listing = (codes) => codes.slice(0, 5).map((code) => tidy(code, 20)).join(', ');
  const ends = [param(ask, 'at'), param(ask, 'to')].filter((code) => code && !spot(catalogue, code));
  const unknown = [...ends, ...asked.filter((code) => !catalogue.booth(code))];
  if (unknown.length) return fill(_('Not on the plan: %(codes)s'), { codes: listing(unknown) });
  const free = asked.map((code) => catalogue.booth(code)).filter((booth) => !catalogue.holder(booth));
  if (free.length) return fill(_('Nobody holds this booth yet: %(codes)s'), { codes: listing(free.map(({ code }) => code)) });
  if (stops <= MOST_STOPS) return '';
  const fewer = ngettext(
    'Only the first %(num)s booth is in the tour.', 'Only the first %(num)s booths are in the tour.', MOST_STOPS,
  );
  return fill(fewer, { num: MOST_STOPS });
}

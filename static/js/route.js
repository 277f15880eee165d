// Ways to walk through the fair; twin of companion/catalogue/route.py, which explains it.

import { COST, EASY_STEP, Lattice, NEVER, meets } from './lattice.js';
import { order } from './trip.js';

const PASSAGES = new Set(['aisle', 'hall', 'outdoor', 'entrance', 'exit', 'emergency_exit']); // the types of place one walks through
const MOST_STOPS = 40;
const APRON = 30; // decimetres of free floor taken for granted around a plan without a size
const NEAR = 16; // easy steps of the first look around a booth
const DEAREST = 3; // no step costs more easy ones

/** @typedef {{x: number, y: number, point: number}} Door where one enters a booth, and the lattice's point before it */

const half = size => Math.floor(size / 2);
const byMetres = (a, b) => a[1] - b[1];

/** The floor of one catalogue snapshot. Nothing is computed before the first question. */
export class Floor {
  #snapshot;
  #laid = null;
  #walks = new Map();
  #doorsOf = new Map();

  constructor(snapshot) {
    this.#snapshot = snapshot;
  }

  /** The way between two booths or places. @returns {{points: number[][], metres: number} | null} in decimetres */
  route(start, end) {
    const { lattice, boxes } = this.#floor;
    if (!boxes.has(start) || !boxes.has(end)) return null;
    const keys = this.#walk(start);
    const byKey = (a, b) => keys[a.point] - keys[b.point] || a.point - b.point;
    const last = [...this.#doors(end)].sort(byKey)[0];
    if (!last || keys[last.point] === NEVER) return null;
    const corners = lattice.smooth(lattice.trace(keys, last.point));
    const first = this.#doors(start).find(door => door.point === corners[0]);
    const points = [[first.x, first.y], ...corners.map(point => lattice.place(point)), [last.x, last.y]];
    return { points: bends(points), metres: this.#inMetres(keys[last.point]) };
  }

  /** In which order to visit booths, at most MOST_STOPS. @returns {{booth: string, metres: number}[]} */
  trip(start, codes) {
    const { boxes } = this.#floor;
    const begin = boxes.has(start) ? [start] : [];
    const known = [...new Set(codes)].filter(code => boxes.has(code) && !begin.includes(code));
    const places = [...begin, ...known.slice(0, MOST_STOPS)];
    const metres = places.map(a => places.map(b => this.metres(a, b)));
    const visits = order(metres, begin.length > 0);
    const stops = visits.map((at, i) => ({ booth: places[at], metres: i ? metres[visits[i - 1]][at] : 0 }));
    return stops.slice(begin.length);
  }

  /** The nearest booths where somebody else stands, nearest first. @returns {[string, number][]} code and metres */
  near(code, count) {
    const { lattice, boxes, hosts } = this.#floor;
    if (!boxes.has(code)) return [];
    const host = hosts.get(code);
    const others = [...hosts.keys()].filter(o => hosts.get(o) !== host && o !== code && boxes.has(o));
    const wanted = Math.min(count, others.length);
    const everywhere = DEAREST * lattice.weights.length;
    let steps = NEAR;
    let found = this.#around(code, others, steps);
    while (found.length < wanted && steps < everywhere) {
      steps *= 2;
      found = this.#around(code, others, steps);
    }
    found.sort(byMetres); // stable: equals stay in the snapshot's order
    if (found.length < wanted) {
      const reached = new Set(found.map(([other]) => other));
      const rest = others.filter(other => !reached.has(other)).map(other => [other, this.#straight(code, other)]);
      found.push(...rest.sort(byMetres));
    }
    return found.slice(0, wanted);
  }

  /** How far one walks between two known places, or the straight line where no way leads. */
  metres(start, end) {
    const key = this.#best(this.#walk(start), end);
    return key === NEVER ? this.#straight(start, end) : this.#inMetres(key);
  }

  /** Those of the others one reaches within so many easy steps, with their metres. */
  #around(code, others, steps) {
    const { lattice, boxes } = this.#floor;
    const keys = lattice.walk(this.#doors(code).map(door => door.point), steps);
    const { x, y, w, h } = boxes.get(code);
    const far = (steps + 2) * lattice.step; // nothing beyond this can have been reached
    return others
      .filter(other => meets(boxes.get(other), x - far, y - far, x + w + far, y + h + far))
      .map(other => [other, this.#best(keys, other)])
      .filter(([, key]) => Math.floor(key / EASY_STEP) <= steps)
      .map(([other, key]) => [other, this.#inMetres(key)]);
  }

  /** The key of the door of a place that a walk reaches best. */
  #best(keys, end) {
    return this.#doors(end).reduce((best, door) => Math.min(best, keys[door.point]), NEVER);
  }

  /** The walk to everywhere from a place; the latest are kept, as many as one trip needs. */
  #walk(start) {
    if (!this.#walks.has(start)) {
      if (this.#walks.size > MOST_STOPS) this.#walks.delete(this.#walks.keys().next().value);
      this.#walks.set(start, this.#floor.lattice.walk(this.#doors(start).map(door => door.point)));
    }
    return this.#walks.get(start);
  }

  /** A walk's length in metres, rounded: its key counts tenths of the lattice's step, in decimetres. */
  #inMetres(key) {
    return Math.floor((key % COST * this.#floor.lattice.step + 50) / 100);
  }

  /** Metres from middle to middle through whatever lies between. */
  #straight(start, end) {
    const [a, b] = [this.#floor.boxes.get(start), this.#floor.boxes.get(end)];
    const dx = 2 * a.x + a.w - 2 * b.x - b.w;
    const dy = 2 * a.y + a.h - 2 * b.y - b.h;
    return Math.floor((Math.floor(Math.sqrt(dx * dx + dy * dy)) + 10) / 20);
  }

  get #floor() {
    this.#laid ??= lay(this.#snapshot);
    return this.#laid;
  }

  /** A booth's or place's doors; none when everything around it is solid. @returns {Door[]} */
  #doors(code) {
    const { boxes, passages } = this.#floor;
    if (!this.#doorsOf.has(code)) {
      const box = boxes.get(code);
      this.#doorsOf.set(code, passages.has(code) ? this.#standing(box) : this.#sides(box));
    }
    return this.#doorsOf.get(code);
  }

  /** In a passage one stands at the free point nearest to its middle. */
  #standing(box) {
    const { lattice } = this.#floor;
    const point = lattice.nearest(box.x + half(box.w), box.y + half(box.h), box);
    if (point === null) return [];
    const [x, y] = lattice.place(point);
    return [{ x, y, point }];
  }

  /** The middles of the sides one can step out of: onto an aisle if there is one, else into the open. */
  #sides(box) {
    const { lattice } = this.#floor;
    const { step, columns } = lattice;
    const [aside, along] = [Math.max(0, step - box.w), Math.max(0, step - box.h)]; // narrower than a step
    const [deep, wide, high] = [lattice.reach + step, box.w + 2 * aside, box.h + 2 * along];
    const [x, y, right, bottom] = [box.x + half(box.w), box.y + half(box.h), box.x + box.w, box.y + box.h];
    const ranked = [
      { outward: columns, x, y: bottom, front: { x: box.x - aside, y: bottom, w: wide, h: deep } },
      { outward: -columns, x, y: box.y, front: { x: box.x - aside, y: box.y - deep, w: wide, h: deep } },
      { outward: 1, x: right, y, front: { x: right, y: box.y - along, w: deep, h: high } },
      { outward: -1, x: box.x, y, front: { x: box.x - deep, y: box.y - along, w: deep, h: high } },
    ]
      .map(side => ({ ...side, point: lattice.nearest(side.x, side.y, side.front) }))
      .filter(side => side.point !== null && !this.#shut(side))
      .map(side => ({ rank: this.#rank(side), door: { x: side.x, y: side.y, point: side.point } }));
    const best = Math.max(...ranked.map(({ rank }) => rank));
    return ranked.filter(({ rank }) => rank === best).map(({ door }) => door);
  }

  /** Whether something solid stands between a door and its point. */
  #shut({ x, y, point }) {
    const [toX, toY] = this.#floor.lattice.place(point);
    const [left, top, right, bottom] = [Math.min(x, toX), Math.min(y, toY), Math.max(x, toX), Math.max(y, toY)];
    return this.#floor.solid.some(box => meets(box, left, top, right, bottom));
  }

  /** How likely a side is the open one: 2 on an aisle, 1 with three free points before it, else 0. */
  #rank({ point, outward }) {
    const { lattice, aisles } = this.#floor;
    const [x, y] = lattice.place(point);
    if (aisles.some(aisle => meets(aisle, x, y, x, y))) return 2;
    return lattice.weights[point + outward] && lattice.weights[point + 2 * outward] ? 1 : 0;
  }
}

/** What a snapshot's plan is made of, and the lattice over it. */
function lay({ fair, booths, places }) {
  const sized = [...places, ...booths].filter(thing => thing.w > 0 && thing.h > 0);
  const boxes = new Map(sized.map(({ code, x, y, w, h }) => [code, { x, y, w, h }])); // a booth's code wins
  const hosts = new Map(booths.filter(booth => booth.exhibitor).map(booth => [booth.code, booth.exhibitor]));
  const taken = new Set(booths.map(booth => booth.code));
  const walked = places.filter(place => PASSAGES.has(place.type) && !taken.has(place.code));
  const passages = new Set(walked.map(place => place.code));
  const aisles = walked.filter(place => place.type === 'aisle' && boxes.has(place.code)).map(place => boxes.get(place.code));
  const solid = [...boxes.keys()].filter(code => !passages.has(code)).map(code => boxes.get(code));
  const hall = fair.plan ? { x: 0, y: 0, w: fair.plan.w, h: fair.plan.h } : around([...boxes.values()]);
  return { boxes, hosts, passages, aisles, solid, lattice: new Lattice(hall, solid) };
}

/** The hall of a plan without a size: everything on it, and an aisle around. */
function around(boxes) {
  if (!boxes.length) return { x: 0, y: 0, w: 0, h: 0 };
  const x = Math.min(...boxes.map(box => box.x)) - APRON;
  const y = Math.min(...boxes.map(box => box.y)) - APRON;
  const right = Math.max(...boxes.map(box => box.x + box.w)) + APRON;
  const bottom = Math.max(...boxes.map(box => box.y + box.h)) + APRON;
  return { x, y, w: right - x, h: bottom - y };
}

/** The points at which a line begins, turns and ends. */
function bends(points) {
  const kept = points.slice(0, 1);
  for (let at = 1; at < points.length; at++) {
    const [[px, py], [x, y], next] = [kept.at(-1), points[at], points[at + 1]];
    if (x === px && y === py) continue;
    if (next && (x - px) * (next[1] - y) === (y - py) * (next[0] - x)) continue;
    kept.push([x, y]);
  }
  return kept;
}

// The walkable floor as a lattice of points a step apart; twin of companion/catalogue/lattice.py, which explains it.

const STEP = 5; // decimetres between points, more in a hall too large for MOST_POINTS
const MOST_POINTS = 80_000;
const LONGEST_SIDE = 2_000; // points
const STRAIGHT = 10; // length of a step in tenths of a step
const DIAGONAL = 14;
export const COST = 2 ** 20; // a key is cost * COST + length
const FREE_WEIGHT = 12; // far from everything
const WALL_WEIGHT = 24; // against a wall
export const EASY_STEP = STRAIGHT * (2 * FREE_WEIGHT * COST + 1); // the cheapest step there is, as a key
export const NEVER = Number.MAX_SAFE_INTEGER;

/** @typedef {{x: number, y: number, w: number, h: number}} Box top left corner and size, in decimetres */

/** Whether the inside of a box touches the given rectangle, which may be a line or a point. */
export const meets = (/** @type {Box} */ box, left, top, right, bottom) =>
  box.x < right && left < box.x + box.w && box.y < bottom && top < box.y + box.h;

/** The free points of a hall with solid boxes in it. Everything outside the hall is solid. */
export class Lattice {
  /** @param {Box} hall @param {Box[]} solid */
  constructor(hall, solid) {
    const area = Math.floor(hall.w * hall.h / MOST_POINTS);
    const side = Math.floor(Math.max(hall.w, hall.h) / LONGEST_SIDE);
    this.hall = hall;
    this.step = Math.max(STEP, Math.floor(Math.sqrt(area)) + 1, side + 1);
    this.reach = Math.floor(this.step / 2) + 1;
    this.columns = Math.floor(hall.w / this.step) + 2; // the last column and row are outside:
    this.rows = Math.floor(hall.h / this.step) + 2; // no step can leave the lattice
    this.weights = this.#weigh(solid);
    this.blank = Float64Array.from(this.weights, weight => weight ? NEVER : -1); // nothing is better than -1: walls stay
    const c = this.columns;
    /** @type {[number, number][]} */
    this.moves = [[1, STRAIGHT], [-1, STRAIGHT], [c, STRAIGHT], [-c, STRAIGHT],
      [c + 1, DIAGONAL], [c - 1, DIAGONAL], [-c + 1, DIAGONAL], [-c - 1, DIAGONAL]];
  }

  /** One weight per point, 0 where a person cannot stand; falls with the distance to the nearest solid thing. */
  #weigh(solid) {
    const { step, columns, rows, hall } = this;
    const far = 3 * step;
    const clear = Array.from({ length: columns * rows }, (_, at) => {
      const x = at % columns * step;
      const y = Math.floor(at / columns) * step;
      return Math.min(far, x, hall.w - x, y, hall.h - y);
    });
    for (const box of solid) {
      const left = box.x - hall.x;
      const top = box.y - hall.y;
      const [low, high] = this.#within(left - far, left + box.w + far, columns);
      const [first, last] = this.#within(top - far, top + box.h + far, rows);
      for (let row = first; row < last; row++) {
        const dy = Math.max(top - row * step, row * step - top - box.h);
        for (let column = low; column < high; column++) {
          const distance = Math.max(dy, left - column * step, column * step - left - box.w);
          clear[row * columns + column] = Math.min(clear[row * columns + column], distance);
        }
      }
    }
    return clear.map(d => d < this.reach
      ? 0
      : FREE_WEIGHT + Math.floor((WALL_WEIGHT - FREE_WEIGHT) * (far - d) / far));
  }

  /** First and one past the last column (or row) strictly between two positions counted from the hall's corner. */
  #within(low, high, count) {
    return [Math.max(0, Math.floor(low / this.step) + 1), Math.min(count, Math.ceil(high / this.step))];
  }

  /** Where a point is on the plan, in decimetres. @returns {[number, number]} */
  place(point) {
    const row = Math.floor(point / this.columns);
    return [this.hall.x + (point - row * this.columns) * this.step, this.hall.y + row * this.step];
  }

  /** The free point nearest to a place, among those in a box (its edges included); null when there is none. */
  nearest(x, y, inside) {
    let best = null;
    let least = Infinity;
    const left = inside.x - this.hall.x;
    const top = inside.y - this.hall.y;
    const [low, high] = this.#within(left - 1, left + inside.w + 1, this.columns);
    const [first, last] = this.#within(top - 1, top + inside.h + 1, this.rows);
    for (let row = first; row < last; row++) {
      for (let column = low; column < high; column++) {
        const point = row * this.columns + column;
        if (!this.weights[point]) continue;
        const [px, py] = this.place(point);
        const distance = (px - x) ** 2 + (py - y) ** 2;
        if (distance < least) [best, least] = [point, distance];
      }
    }
    return best;
  }

  /** The key of the best walk from the nearest start to every free point, as far as `steps` easy steps. */
  walk(starts, steps = Infinity) {
    const { weights, moves } = this;
    const keys = this.blank.slice();
    const buckets = [[...starts]];
    for (const start of starts) keys[start] = 0;
    for (let number = 0; number < buckets.length && number <= steps; number++) {
      for (const point of buckets[number]) {
        const key = keys[point];
        if (Math.floor(key / EASY_STEP) !== number) continue; // reached more cheaply since it was put here
        for (const [move, length] of moves) {
          const next = point + move;
          const reached = key + length * ((weights[point] + weights[next]) * COST + 1);
          if (reached >= keys[next]) continue;
          keys[next] = reached;
          const wanted = Math.floor(reached / EASY_STEP);
          while (buckets.length <= wanted) buckets.push([]);
          buckets[wanted].push(next);
        }
      }
    }
    return keys;
  }

  /** The corners of the way a walk took to a point, start first; straight on wherever that is as good. */
  trace(keys, point) {
    const corners = [point];
    let last = this.moves[0];
    while (keys[point]) {
      const move = [last, ...this.moves].find(move => this.#leads(keys, point, move));
      if (move !== last && point !== corners.at(-1)) corners.push(point);
      point -= move[0];
      last = move;
    }
    if (point !== corners.at(-1)) corners.push(point);
    return corners.reverse();
  }

  /** Whether the best walk to a point can come by this move. */
  #leads(keys, point, [move, length]) {
    const before = point - move;
    return keys[before] + length * ((this.weights[before] + this.weights[point]) * COST + 1) === keys[point];
  }

  /** The corners left when every straight line that costs no more than the way around it is taken. */
  smooth(corners) {
    const costs = [0];
    for (let i = 1; i < corners.length; i++) costs.push(costs[i - 1] + (this.#straight(corners[i - 1], corners[i]) ?? 0));
    const kept = corners.slice(0, 1);
    for (let at = 0; at < corners.length - 1;) {
      let to = corners.length - 1;
      while (to > at + 1 && !((this.#straight(corners[at], corners[to]) ?? Infinity) <= costs[to] - costs[at])) to--;
      kept.push(corners[to]);
      at = to;
    }
    return kept;
  }

  /** What the straight line between two points costs; null when something solid is too near. */
  #straight(a, b) {
    const { columns, weights } = this;
    const dy = Math.floor(b / columns) - Math.floor(a / columns);
    const dx = b % columns - a % columns;
    const count = Math.max(Math.abs(dx), Math.abs(dy));
    let total = 0;
    for (let i = 0; i <= count; i++) {
      const across = Math.floor(dx * i / count);
      const down = Math.floor(dy * i / count);
      const acrossRest = dx * i - across * count;
      const rest = acrossRest || dy * i - down * count;
      const here = a + down * columns + across;
      const beside = rest ? here + (acrossRest ? 1 : columns) : here;
      if (!(weights[here] && weights[beside])) return null;
      const weight = weights[here] * (count - rest) + weights[beside] * rest;
      total += i === 0 || i === count ? weight : 2 * weight;
    }
    return Math.floor(Math.floor(Math.sqrt(STRAIGHT * STRAIGHT * (dx * dx + dy * dy))) * total / (count * count));
  }
}

/**
 * What part of a drawing shows in its frame: zoom and pan by the `viewBox` of the svg inside, so lines and letters
 * stay sharp and the right-to-left pages see the same plan.
 *
 * The frame says how it stands, for the stylesheet and the gestures: `data-live="whole"` (all of it shows; the page
 * scrolls under the finger) or `"part"`, and `data-level="far|middle|near"` (what can be read at this size).
 */

const CLOSEST = 6; // pixels to a unit of the drawing
/** @type {[string, number][]} */
const LEVELS = [['near', 1.4], ['middle', 0.9], ['far', 0]]; // from how many pixels to a unit
const GLIDE = 250; // milliseconds

const between = (low, value, high) => Math.min(Math.max(low, value), high);

/** @typedef {{x: number, y: number, scale: number}} Look middle of what shows, and pixels to a unit */
/** @typedef {{x: number, y: number, width: number, height: number}} Box in units of the drawing, as `getBBox` gives it */

export class View {
  #frame;
  #svg;
  #size;
  /** @type {Look} */
  #look = { x: 0, y: 0, scale: 1 };
  #gliding = 0;

  /** @param {HTMLElement} frame with `data-width` and `data-height`, and an svg inside */
  constructor(frame) {
    this.#frame = frame;
    this.#svg = frame.querySelector('svg');
    this.#size = { width: Number(frame.dataset.width), height: Number(frame.dataset.height) };
    frame.dataset.live = 'whole';
    this.#show(this.#fit({ x: 0, y: 0, ...this.#size }));
    new ResizeObserver(() => this.#show(this.whole ? { ...this.#look, scale: 0 } : this.#look)).observe(frame);
  }

  /** Whether all of the drawing shows. */
  get whole() {
    return this.#frame.dataset.live === 'whole';
  }

  /** Show everything. */
  fit() {
    this.#glide(this.#fit({ x: 0, y: 0, ...this.#size }));
  }

  /** Bring a part of the drawing into the middle, as large as it fits with room around. @param {Box} box */
  frame(box) {
    this.#glide(this.#fit({ x: box.x - 40, y: box.y - 40, width: box.width + 80, height: box.height + 80 }));
  }

  /** Bring a place into the middle, near enough to read booth numbers. */
  centre(x, y) {
    this.#glide({ x, y, scale: Math.max(this.#look.scale, 2 * LEVELS[0][1]) });
  }

  /** Whether a part of the drawing can be seen from side to side. @param {Box} box */
  shows({ x, y, width, height }) {
    const { x: left, y: top, width: wide, height: high } = this.#svg.viewBox.baseVal;
    return left <= x && top <= y && x + width <= left + wide && y + height <= top + high;
  }

  /** Enlarge (or shrink: below 1) around a point of the screen, by default the middle of the frame. */
  zoom(factor, at = this.#middle(), glide = false) {
    const place = this.#place(at);
    const { scale } = this.#clamp({ ...this.#look, scale: this.#look.scale * factor });
    const kept = this.#look.scale / scale;
    const look = { x: place.x + (this.#look.x - place.x) * kept, y: place.y + (this.#look.y - place.y) * kept, scale };
    if (glide) this.#glide(look);
    else this.#set(look);
  }

  /** Move what shows by so many pixels. */
  pan(dx, dy, glide = false) {
    const { x, y, scale } = this.#look;
    const look = { x: x - dx / scale, y: y - dy / scale, scale };
    if (glide) this.#glide(look);
    else this.#set(look);
  }

  /** What is under a point of the screen, for `drag` to keep there. @returns {Look} */
  under(at) {
    return { ...this.#place(at), scale: this.#look.scale };
  }

  /** Bring what was under the fingers under `at`, so many times as large as it was then. @param {Look} held */
  drag(held, at, factor) {
    const middle = this.#middle();
    const { scale } = this.#clamp({ ...held, scale: held.scale * factor });
    this.#set({ x: held.x - (at.x - middle.x) / scale, y: held.y - (at.y - middle.y) / scale, scale });
  }

  /** Where a point of the screen is on the drawing. */
  #place({ x, y }) {
    const middle = this.#middle();
    return { x: this.#look.x + (x - middle.x) / this.#look.scale, y: this.#look.y + (y - middle.y) / this.#look.scale };
  }

  #middle() {
    const { left, top, width, height } = this.#frame.getBoundingClientRect();
    return { x: left + width / 2, y: top + height / 2 };
  }

  /** @returns {Look} */
  #fit({ x, y, width, height }) {
    const { clientWidth, clientHeight } = this.#frame;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    return { x: x + width / 2, y: y + height / 2, scale };
  }

  /** Never smaller than the whole drawing, never past its edges; what is smaller than the frame is in its middle. */
  #clamp({ x, y, scale }) {
    const { clientWidth, clientHeight } = this.#frame;
    const { width, height } = this.#size;
    const least = Math.min(clientWidth / width, clientHeight / height);
    const kept = between(least, scale, Math.max(CLOSEST, least));
    const inside = (at, size, shown) => (shown >= size ? size / 2 : between(shown / 2, at, size - shown / 2));
    return { x: inside(x, width, clientWidth / kept), y: inside(y, height, clientHeight / kept), scale: kept };
  }

  /** Go there at once; whatever was gliding stops. */
  #set(look) {
    cancelAnimationFrame(this.#gliding);
    this.#show(look);
  }

  /** Go there in a quarter of a second, or at once for whoever wants less motion. */
  #glide(wanted) {
    cancelAnimationFrame(this.#gliding);
    const [from, to] = [this.#look, this.#clamp(wanted)];
    const began = performance.now();
    const step = (now) => {
      const part = between(0, (now - began) / GLIDE, 1);
      const eased = part * (2 - part);
      const mix = (a, b) => a + (b - a) * eased;
      this.#show({ x: mix(from.x, to.x), y: mix(from.y, to.y), scale: from.scale * (to.scale / from.scale) ** eased });
      if (part < 1) this.#gliding = requestAnimationFrame(step);
    };
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) this.#show(to);
    else this.#gliding = requestAnimationFrame(step);
  }

  #show(wanted) {
    const { clientWidth, clientHeight, dataset } = this.#frame;
    if (!clientWidth || !clientHeight) return;
    this.#look = this.#clamp(wanted);
    const { x, y, scale } = this.#look;
    const [width, height] = [clientWidth / scale, clientHeight / scale];
    this.#svg.setAttribute('viewBox', [x - width / 2, y - height / 2, width, height].map((n) => n.toFixed(2)).join(' '));
    const least = Math.min(clientWidth / this.#size.width, clientHeight / this.#size.height);
    dataset.live = scale <= least * 1.01 ? 'whole' : 'part';
    dataset.level = LEVELS.find(([, from]) => scale >= from)[0];
  }
}

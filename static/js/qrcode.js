/** QR codes drawn on the phone, as SVG elements: no markup in a string, no network. */

import { encodeQR } from '../vendor/qr.js';

const SVG = 'http://www.w3.org/2000/svg';
// Modules of clear margin on each side that ISO/IEC 18004 asks for.
const MARGIN = 4;
// 133 modules a side: what a phone's camera still reads off another phone's screen (about 5 pixels per module at 720).
const LARGEST_VERSION = 29;

/**
 * Draw `text` as a QR code, at error level M, or L when only that fits.
 * @param {string} text
 * @param {string} label what the picture is, for people who do not see it
 * @returns {SVGSVGElement | null} one module is one unit; null when it would be too dense to be read off a screen
 */
export function drawCode(text, label) {
  const modules = encode(text, 'medium') ?? encode(text, 'low');
  if (!modules) return null;
  const side = modules.length;
  const svg = element('svg', { viewBox: `0 0 ${side} ${side}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' });
  // Always dark on white, in the dark theme too: many readers do not know inverted codes.
  svg.append(
    element('rect', { width: side, height: side, fill: '#fff' }),
    element('path', { d: modules.map(runs).join(''), fill: '#000' }),
  );
  return svg;
}

/** Rows of dark (true) and light modules with their margin, or null when larger than `LARGEST_VERSION`. */
function encode(text, ecc) {
  try {
    const modules = /** @type {boolean[][]} */ (encodeQR(text, 'raw', { ecc, border: MARGIN }));
    return modules.length <= 17 + 4 * LARGEST_VERSION + 2 * MARGIN ? modules : null;
  } catch {
    return null; // longer than any QR code
  }
}

/** The path of one row's dark runs. */
function runs(row, y) {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x += 1;
    path += `M${from} ${y}h${x + 1 - from}v1H${from}z`;
  }
  return path;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

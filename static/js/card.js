/** My card on the page of what a visitor keeps: written at every change, drawn as a QR code on the phone. */
import { card, vcard } from './own_card.js';
import { e164, email } from './reach.js';
import { say } from './say.js';
import { settings } from './store.js';
import { uuid } from './uuid.js';

const FIELDS = ['name', 'phone', 'whatsapp', 'email'];
const READ = { name: (text) => text.trim(), phone: e164, whatsapp: e164, email };
const form = () => document.querySelector('[data-card-form]');
const field = (name) => form().elements.namedItem(`card-${name}`);
const share = (name) => form().elements.namedItem(`share-${name}`);

/** @type {(text: string, label: string) => SVGSVGElement | null} of qrcode.js, which is in another bundle */
let drawCode;

/** Fill the form with the card there is. @param {typeof drawCode} draws */
export async function start(draws) {
  drawCode = draws;
  const kept = (await card()) ?? { id: uuid(), share: FIELDS };
  for (const name of FIELDS) {
    field(name).value = kept[name] ?? '';
    share(name).checked = kept.share.includes(name);
  }
  form().addEventListener('submit', (event) => event.preventDefault());
  form().addEventListener('input', () => keep(kept.id));
  draw(read(kept.id));
}

/** The card as it stands in the form; what cannot be read yet is left out. */
function read(id) {
  const values = Object.fromEntries(FIELDS.map((name) => [name, READ[name](field(name).value)]));
  return { id, ...values, share: FIELDS.filter((name) => share(name).checked) };
}

async function keep(id) {
  const made = read(id);
  for (const name of FIELDS) field(name).toggleAttribute('aria-invalid', Boolean(field(name).value.trim() && !made[name]));
  draw(made);
  try {
    if (FIELDS.some((name) => made[name])) await settings.set('card', made);
    else await settings.remove('card');
  } catch (problem) {
    say(problem.name === 'QuotaExceededError' ? 'storage-full' : 'storage-refused');
  }
}

function draw(made) {
  const text = vcard(made);
  const place = form().querySelector('[data-slot="card-code"]');
  const code = text && drawCode(text, form().closest('details').querySelector('summary').textContent.trim());
  place.replaceChildren(...(code ? [code] : []));
  place.closest('figure').hidden = !code;
}

/** My card: codes to show on a full screen, made on the phone; the card as a file, on paper. */
import { fill as holes, website, words } from '../format.js';
import { content, escape } from '../lines.js';
import { say } from '../say.js';
import { share } from '../share.js';
import { own } from './change.js';
import { catalogue, texts } from './words.js';
import { translator } from '../area_messages.js';

/** @param {import('../records.js').View} me */
export async function make(me, lang) {
  const { fields } = own(me);
  return { template: 'card', context: { address: `${location.host}/e/${fields.code}`, public_href: `/${lang}/e/${fields.code}`, has_reach: Boolean(fields.phones?.length || fields.whatsapp || fields.email) } };
}

/** The exhibitor's vCard, in the language of the page; names in all scripts, the other ones as nicknames. RFC 2426. */
export async function vcard(me, lang) {
  const { fields } = own(me);
  const names = texts(own(me), 'name');
  const name = words(names, lang) || fields.code;
  const others = Object.values(names).filter((one) => one !== name);
  const fair = await catalogue();
  const mine = fair.exhibitors?.find(({ code }) => code === fields.code);
  const { gettext: _ } = translator(lang);
  const booth = mine?.booths?.length && holes(_('Booth %(code)s'), { code: mine.booths.join(', ') });
  const note = [booth, words(fair.fair?.short_name, lang)].filter(Boolean).join(' · ');
  return content([
    ['BEGIN', 'VCARD'], ['VERSION', '3.0'],
    ['N', `${escape(name)};;;;`], ['FN', escape(name)], ['ORG', escape(name)],
    ['NICKNAME', others.map(escape).join(',')],
    ...(fields.phones ?? []).map((number) => ['TEL;TYPE=WORK,VOICE', number]),
    ['IMPP', fields.whatsapp && `whatsapp:${fields.whatsapp}`],
    ['EMAIL;TYPE=INTERNET', escape(fields.email ?? '')],
    ['URL', fields.website ? website(fields.website)?.href : ''],
    ['URL', `${location.origin}/${lang}/e/${fields.code}`],
    ['NOTE', escape(note)],
    ['END', 'VCARD'],
  ]);
}

/** @type {WakeLockSentinel | undefined} */
let awake;

/** Draw one of the codes over the whole screen, and keep the screen on. */
async function full(text) {
  const { drawCode } = await import('../qrcode.js');
  const dialog = document.getElementById('full');
  const code = drawCode(text, dialog.getAttribute('aria-label'));
  if (!code) return say('too-much');
  dialog.querySelector('[data-slot="code"]').replaceChildren(code);
  dialog.showModal();
  awake = await navigator.wakeLock?.request('screen').catch(() => undefined);
  dialog.addEventListener('close', () => awake?.release(), { once: true });
  return undefined;
}

const lang = () => document.documentElement.lang;

export const acts = {
  async show_card(_, __, me) { await full(await vcard(me, lang())); return 'stay'; },
  async show_address(_, __, me) { await full(`${location.origin}/${lang()}/e/${own(me).fields.code}`); return 'stay'; },
  close() { document.getElementById('full').close(); return 'stay'; },
  async share_card(_, __, me) {
    const file = new File([await vcard(me, lang())], `${own(me).fields.code}.vcf`, { type: 'text/vcard' });
    if (navigator.canShare?.({ files: [file] })) await navigator.share({ files: [file] }).catch((problem) => problem.name === 'AbortError' || save(file));
    else save(file);
    return 'stay';
  },
  async share_address(_, __, me) {
    await share({ title: words(texts(own(me), 'name'), lang()), text: words(texts(own(me), 'name'), lang()), url: `${location.origin}/${lang()}/e/${own(me).fields.code}` });
    return 'stay';
  },
};

function save(file) {
  const address = URL.createObjectURL(file);
  Object.assign(document.createElement('a'), { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

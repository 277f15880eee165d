/** The scanner's page: camera, photo of a code, what was scanned before. The typed code is a form and needs no script. */

import * as camera from './camera.js';
import { photo, watch } from './decode.js';
import { loadFragment } from './fragment.js';
import { fill, words } from './say.js';
import { settings } from './store.js';

const part = (selector) => document.querySelector(`[data-scanner] ${selector}`);
const button = (name) => part(`[data-do="${name}"]`);
const tell = (key) => part('[data-slot="scan-state"]').replaceChildren(words(key));

let wanted = false;
let opening = false;
let lit = false;
/** What was read last: a code that leads nowhere stays in view and is said once. */
let last = '';

/** Wire the page; open the camera at once where the person has allowed it before. */
export async function start() {
  button('camera').addEventListener('click', open);
  button('stop').addEventListener('click', stop);
  button('photo').addEventListener('change', (event) => still(event.target));
  document.addEventListener('visibilitychange', () => (document.hidden ? release() : wanted && open()));
  addEventListener('pagehide', release);
  recall();
  if (await camera.allowed()) open();
}

/** Show the camera and look until a code of this fair is found. */
async function open() {
  const video = part('video');
  if (opening || video.srcObject) return;
  wanted = opening = true;
  tell('starting');
  let light;
  try {
    ({ light } = await camera.open(video));
  } catch (problem) {
    stop();
    return tell(problem.message);
  } finally {
    opening = false;
  }
  if (document.hidden) return release(); // the person left while the browser asked
  show(true, light);
  tell('looking');
  await watch(video, (text) => text !== last && take(text), () => tell('closer'));
}

/** The person is done, or there is no camera. */
function stop() {
  wanted = false;
  release();
}

/** Give the camera back: other apps may want it, and its lamp tells that somebody looks. */
function release() {
  camera.close(part('video'));
  show(false);
}

function show(on, light) {
  part('[data-slot="view"]').hidden = !on;
  button('camera').hidden = on;
  button('stop').hidden = !on;
  button('light').hidden = !light;
  lit = false;
  button('light').onclick = async () => {
    lit = !lit;
    await light(lit);
    button('light').setAttribute('aria-pressed', String(lit));
  };
}

/** Read the code in a photo. */
async function still(input) {
  const [file] = input.files;
  if (!file) return;
  tell('reading');
  try {
    const text = await photo(file);
    if (text) await take(text);
    else tell('no-code');
  } catch {
    tell('no-picture');
  }
  input.value = ''; // the same file may be chosen again
}

/** Go where the code leads, or let the page say what it is instead. */
async function take(text) {
  last = text;
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(60); // without a touch browsers refuse it, loudly
  const { lang } = document.documentElement;
  const [backup] = /#r=[\w-]+$/.exec(text) ?? [];
  if (backup) return location.assign(`/${lang}/mine${backup}`);
  try {
    const shown = await loadFragment(`/${lang}/scan?code=${encodeURIComponent(asked(text))}`);
    if (shown) document.getElementById('fragment').scrollIntoView({ block: 'nearest' });
    else tell('found');
  } catch {
    tell('no-answer');
  }
}

/**
 * What is asked about a code. When no worker answers the question goes over the network: the secrets of other codes
 * (a Wi-Fi's password, somebody's address, what follows `?` or `#`) stay on the phone.
 */
function asked(text) {
  if (/^https?:/i.test(text)) return text.split(/[?#]/)[0];
  if (/^BEGIN:VCARD/i.test(text)) return ['BEGIN:VCARD', ...(text.match(/^[^\r\n]*URL[^\r\n]*/gim) ?? [])].join('\n');
  return /^[a-z]+:/i.exec(text)?.[0] ?? text.slice(0, 80);
}

/** The booths scanned last, newest first. */
async function recall() {
  const scans = (await settings.get('scans')) ?? [];
  const list = document.querySelector('[data-slot="recent"]');
  for (const { booth, name } of scans) {
    const entry = document.getElementById('recent').content.cloneNode(true);
    entry.querySelector('a').href = `/${document.documentElement.lang}/b/${booth}`;
    fill(entry, { booth, name });
    list.querySelector('ul').append(entry);
  }
  list.hidden = !scans.length;
}

/** What every visitor's page runs: the worker's bridge, the language, the age of the data, the page's own module. */
import { onWall } from './clock.js';
import { start as startOffline } from './offline.js';
import { settings } from './store.js';
import { start as startTheme } from './theme.js';
import { start as startUnsent } from './unsent.js';

/** The modules each page needs besides; every one exports `start`. */
const MODULES = {
  home: () => [import('./marks.js'), import('./install.js')],
  exhibitors: () => [import('./finder.js'), import('./marks.js')],
  exhibitor: () => [import('./marks.js'), import('./notes.js'), import('./share.js'), import('./here.js'), later(() => import('./tally.js'))],
  request: () => [import('./request.js')],
  booth_free: () => [import('./marks.js'), import('./here.js')],
  map: () => [import('./plan.js')],
  programme: () => [import('./marks.js'), import('./agenda.js')],
  workshop: () => [import('./marks.js')],
  mine: () => [import('./marks.js'), import('./mine.js')],
  scan: () => [import('./marks.js'), import('./scan.js')],
  about: () => [import('./about.js'), import('./install.js')],
  unreached: () => [import('./unreached.js')],
  in: () => [import('./area/enter.js')],
  area: () => [location.pathname.startsWith('/exhibitor/') ? import('./area/area.js') : import('./floor/floor.js')],
};

const root = document.documentElement;

startTheme();
startOffline();
startUnsent();
rememberLanguage();
tellAge();
for (const module of MODULES[root.dataset.page]?.() ?? []) module.then(({ start }) => start(), console.error);

/** What a page needs only once it is there. */
async function later(load) {
  if (document.readyState !== 'complete') await new Promise((loaded) => addEventListener('load', loaded, { once: true }));
  return load();
}

/** The language of the last page read is the one for addresses that name none: Flask's cookie, the worker's setting. */
function rememberLanguage() {
  if (!location.pathname.startsWith(`/${root.lang}/`)) return;
  document.cookie = `lang=${root.lang}; path=/; max-age=${400 * 86_400}; samesite=lax`;
  settings.set('lang', root.lang).catch(() => {}); // storage denied: the cookie and the browser's languages remain
}

/** The age of the data in the phone's own time: when it was made, then when it was last found to be up to date. */
function tellAge() {
  for (const time of document.querySelectorAll('time[data-age]')) show(time, time.dateTime);
  document.addEventListener('rafiq:state', ({ detail: { checked } }) => {
    for (const time of document.querySelectorAll('time[data-age]')) if (checked) show(time, checked);
  });
}

function show(time, iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  time.dateTime = iso;
  time.textContent = today ? onWall(date).slice(11, 16) : onWall(date).slice(0, 16).replace('T', ' ');
}

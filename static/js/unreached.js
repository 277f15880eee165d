/** The page that stands in for one the network did not bring: it gives way as soon as the fair is on the phone. */

export function start() {
  document.addEventListener('rafiq:state', ({ detail }) => detail.offline === 'ready' && location.reload());
}

/**
 * Downloads from our own server that are whole and ours, or an error.
 *
 * Weak networks do worse than fail: they accept and never answer, stop in the middle, or answer 200 with the
 * login page of a hotspot. None of these may pass for our file.
 */

const PATIENCE = 15_000; // ms in which nothing at all arrives

let heard = 0; // when the network last brought anything: a download queued behind others is not a silent one

/**
 * Fetch a file whole, as long as something keeps arriving.
 * @param {string} address of a file that is not HTML
 * @param {RequestInit} [init]
 * @returns {Promise<Response>} read to the end, with its content type and no other header
 */
export async function download(address, init) {
  const started = Date.now();
  const silence = new AbortController();
  const watch = setInterval(() => {
    if (Date.now() - Math.max(started, heard) > PATIENCE) silence.abort(new Error(`${address}: nothing comes`));
  }, 1000);
  try {
    const response = await fetch(address, { ...init, signal: silence.signal });
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || response.redirected || !type || type.startsWith('text/html')) {
      const problem = new Error(`${address}: ${response.status} ${type || 'without a type'} is not our file`);
      throw Object.assign(problem, { status: response.status });
    }
    const reader = response.body.getReader();
    const parts = [];
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard = Date.now();
      parts.push(part.value);
    }
    return new Response(new Blob(parts), { headers: { 'content-type': type } });
  } finally {
    clearInterval(watch);
  }
}

/**
 * The text of one of our JSON answers.
 * @param {string} address
 * @param {RequestInit} [init]
 */
export async function downloadJSON(address, init) {
  const response = await download(address, init);
  const type = response.headers.get('content-type');
  if (!type.startsWith('application/json')) throw new Error(`${address}: ${type} is not JSON`);
  return response.text();
}

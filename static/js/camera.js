/** The phone's back camera in a `<video>`, and the plain reasons why it may not come. */

const PATIENCE = 8000;

/** No picture; `message` is `insecure`, `unsupported`, `refused`, `no-camera` or `camera-busy`, for which the page has words. */
export class NoCamera extends Error {}

const REASONS = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'no-camera',
  OverconstrainedError: 'no-camera',
  NotReadableError: 'camera-busy',
  AbortError: 'camera-busy',
};

/**
 * Show the camera in `video`. Call `close` to give it back.
 * @returns {Promise<{light?: (on: boolean) => Promise<void>}>} `light` where the camera has one
 * @throws {NoCamera}
 */
export async function open(video) {
  if (!isSecureContext) throw new NoCamera('insecure');
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera('unsupported');
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    await Promise.race([video.play(), late()]);
  } catch (problem) {
    close(video);
    throw new NoCamera(REASONS[problem.name] ?? 'camera-busy');
  }
  const [track] = video.srcObject.getVideoTracks();
  if (!track.getCapabilities?.().torch) return {};
  return { light: (on) => track.applyConstraints({ advanced: [{ torch: on }] }) };
}

/** Give the camera back, if it was open. */
export function close(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
}

/** Whether it may be opened without the browser asking the person. */
export async function allowed() {
  try {
    return (await navigator.permissions.query({ name: 'camera' })).state === 'granted';
  } catch {
    return false; // Firefox does not tell
  }
}

/** Some phones say yes and then never send a picture. */
const late = () => new Promise((_, reject) => setTimeout(reject, PATIENCE, new DOMException('no picture', 'AbortError')));

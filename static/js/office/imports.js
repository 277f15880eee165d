/**
 * Bringing in a list: drop a file anywhere on its form, see how much of it has been sent, and which stage a trial or an
 * import is at. Without this module the same forms work, only silently.
 */

const EVERY = 700;

/** Make the forms of the page livelier; a form `[data-go]` is sent at once. */
export function start() {
  const drop = document.querySelector('form[data-drop]');
  if (drop) startDrop(drop);
  for (const form of document.querySelectorAll('form[data-stage]')) {
    form.addEventListener('submit', () => watch(form));
  }
  document.querySelector('form[data-go]')?.requestSubmit();
  for (const control of document.querySelectorAll('form[data-at-once] select')) {
    control.addEventListener('change', () => control.form.requestSubmit());
  }
}

/** @param {HTMLFormElement} form whose file is chosen or dropped */
function startDrop(form) {
  const input = form.querySelector('input[type="file"]');
  const over = (event) => {
    event.preventDefault();
    form.toggleAttribute('data-over', event.type === 'dragover');
  };
  for (const type of ['dragover', 'dragleave', 'drop']) form.addEventListener(type, over);
  form.addEventListener('drop', (event) => {
    input.files = event.dataTransfer.files;
    if (input.files.length) form.requestSubmit();
  });
  input.addEventListener('change', () => input.files.length && form.requestSubmit());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form);
  });
}

/** Send a form with its file and show how much has gone. @param {HTMLFormElement} form */
function send(form) {
  const sending = new XMLHttpRequest();
  const bar = form.querySelector('progress');
  show(form, 'send');
  sending.upload.addEventListener('progress', ({ loaded, total }) => { bar.value = loaded / total; });
  sending.addEventListener('load', () => { location.href = sending.responseURL || location.href; });
  sending.addEventListener('error', () => { show(form, 'lost'); bar.hidden = true; });
  sending.open('POST', form.action);
  sending.send(new FormData(form));
}

/** Show the stages while the answer to a form is awaited. @param {HTMLFormElement} form */
function watch(form) {
  const bar = form.querySelector('progress');
  const stages = [...form.querySelectorAll('[data-stage-is]')].map((one) => one.dataset.stageIs);
  show(form, stages[0]);
  setInterval(async () => {
    const answer = await fetch(form.dataset.stage).then((one) => one.json(), () => ({}));
    const at = stages.indexOf(answer.stage);
    if (at < 0) return;
    show(form, stages[at]);
    bar.value = (at + 1) / (stages.length + 1);
  }, EVERY);
}

/** @param {HTMLFormElement} form @param {string} stage the one of its `[data-stage-is]` that is shown */
function show(form, stage) {
  form.querySelector('[data-progress]').hidden = false;
  for (const one of form.querySelectorAll('[data-stage-is]')) one.hidden = one.dataset.stageIs !== stage;
}

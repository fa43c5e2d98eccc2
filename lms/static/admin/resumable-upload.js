// Sends the film that was chosen ahead of its form, piece by piece (tus): a cut, a restarted server
// or a reloaded page costs one piece. Without this script the form sends the file itself.
const RETRIES_MS = [0, 1000, 2000, 5000, 10000, 20000, 30000, 30000, 30000, 30000, 30000, 30000];
const LOOK_INSIDE_MS = 4000;
const GIVEN_UP = [400, 403, 404, 410, 412, 413, 415, 507];
const senders = new WeakMap(); // by the box of a field

const csrfToken = (form) => {
  const kept = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return kept ? kept[1] : form.elements.csrfmiddlewaretoken.value;
};

const filled = (words, values) =>
  Object.keys(values).reduce((text, name) => text.replace(`{${name}}`, values[name]), words);

const library = (src) => {
  if (window.tus) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = src;
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
    document.head.append(script);
  });
};

// How long a film is, where this browser can tell; null where it cannot.
const secondsOf = (file) =>
  new Promise((resolve) => {
    const film = document.createElement('video');
    const address = URL.createObjectURL(file);
    const end = (seconds) => {
      URL.revokeObjectURL(address);
      resolve(Number.isFinite(seconds) ? seconds : null);
    };
    film.preload = 'metadata';
    film.addEventListener('loadedmetadata', () => end(film.duration));
    film.addEventListener('error', () => end(null));
    setTimeout(() => end(null), LOOK_INSIDE_MS);
    film.src = address;
  });

class Sender {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector('input[type=file]');
    this.form = this.input.form;
    this.bar = box.querySelector('progress');
    this.told = box.querySelector('[data-told]');
    this.pause = box.querySelector('[data-pause]');
    this.words = box.dataset;
    this.upload = null;
    this.state = 'idle'; // looking, sending, paused, broken, whole, refused
    this.submitter = null; // the button that waits for the last piece
    this.pause.addEventListener('click', () => (this.state === 'sending' ? this.hold() : this.goOn()));
    window.addEventListener('online', () => this.state === 'broken' && this.goOn());
  }

  show(state, words) {
    this.state = state;
    this.box.dataset.state = state;
    this.told.textContent = words;
    this.box.querySelector('[data-going]').hidden = !['looking', 'sending', 'paused', 'broken'].includes(state);
    this.pause.hidden = !['sending', 'paused', 'broken'].includes(state);
    this.pause.textContent = state === 'sending' ? this.words.wordsPause : this.words.wordsGoOn;
  }

  refuse(words) {
    if (this.upload) this.upload.abort();
    this.upload = null;
    this.submitter = null;
    this.input.value = '';
    this.show('refused', words);
  }

  async take(file) {
    if (this.upload) await this.upload.abort();
    this.upload = null;
    this.form.elements.upload.value = '';
    this.bar.value = 0;
    if (!file) return this.show('idle', '');
    if (file.size === 0) return this.refuse(this.words.wordsEmpty);
    if (file.size > Number(this.words.limitBytes)) return this.refuse(this.words.wordsTooLarge);
    this.show('looking', this.words.wordsLooking);
    const [seconds] = await Promise.all([secondsOf(file), library(this.words.library)]);
    if (this.input.files[0] !== file) return null; // another was chosen meanwhile
    if (!window.tus.isSupported) return this.show('idle', '');
    if (seconds > Number(this.words.limitHours) * 3600) return this.refuse(this.words.wordsTooLong);
    this.title(file);
    return this.send(file, await this.known(file));
  }

  // A title from the file's name saves typing; whoever wants another writes over it.
  title(file) {
    const { title } = this.form.elements;
    if (title && !title.value) title.value = file.name.replace(/\.[^.]*$/, '').slice(0, title.maxLength);
  }

  // What the server has of this very file, perhaps from another day or another browser.
  async known(file) {
    const asked = new URLSearchParams({ name: file.name, size: file.size, modified: file.lastModified });
    try {
      const answer = await fetch(`${this.words.address}?${asked}`, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
      return answer.ok ? await answer.json() : {};
    } catch (error) {
      return {}; // sending will find out, and try again
    }
  }

  send(file, { upload, video }) {
    if (video) return this.tellOfVideo(video);
    this.startedAt = null;
    this.upload = new window.tus.Upload(file, {
      endpoint: this.words.address,
      uploadUrl: upload || null,
      chunkSize: Number(this.words.piece),
      retryDelays: RETRIES_MS,
      storeFingerprintForResuming: false, // the server knows
      metadata: { filename: file.name, filetype: file.type, modified: String(file.lastModified) },
      headers: { 'X-Requested-With': 'XMLHttpRequest' },
      onBeforeRequest: (request) => request.setHeader('X-CSRFToken', csrfToken(this.form)),
      onShouldRetry: (error) => this.retries(error),
      onProgress: (sent, total) => this.tellProgress(sent, total),
      onError: (error) => this.broken(error),
      onSuccess: () => this.whole(),
    });
    this.show('sending', this.words.wordsStarting);
    this.upload.start();
    return null;
  }

  // The bar stands still meanwhile; whoever looks at it learns why.
  retries(error) {
    const again = !GIVEN_UP.includes(this.status(error));
    if (again && this.state === 'sending') this.told.textContent = this.words.wordsWaiting;
    return again;
  }

  status(error) {
    return error.originalResponse ? error.originalResponse.getStatus() : 0;
  }

  tellOfVideo({ title, url }) {
    this.refuse('');
    this.show('known', '');
    const link = document.createElement('a');
    link.href = url;
    link.textContent = title;
    this.told.append(this.words.wordsKnown, link);
  }

  tellProgress(sent, total) {
    if (this.state !== 'sending') return;
    const now = Date.now();
    if (!this.startedAt) [this.startedAt, this.startedWith] = [now, sent];
    const percent = Math.floor((sent / total) * 100);
    const speed = (sent - this.startedWith) / (now - this.startedAt); // bytes a millisecond
    const minutes = Math.ceil((total - sent) / speed / 60000);
    this.bar.value = percent;
    const words = now - this.startedAt > 3000 && Number.isFinite(minutes) ? this.words.wordsMinutes : this.words.wordsSent;
    this.show('sending', filled(words, { percent, minutes }) + (this.submitter ? this.words.wordsThenSubmit : ''));
  }

  hold() {
    this.upload.abort();
    this.show('paused', this.words.wordsPaused);
  }

  goOn() {
    this.startedAt = null;
    this.show('sending', this.words.wordsStarting);
    this.upload.start();
  }

  // What the server says of a file in words is shown; a line that is down is waited for.
  broken(error) {
    const status = this.status(error);
    if (status === 403) return this.show('broken', this.words.wordsSignIn);
    if (status === 507) return this.show('broken', error.originalResponse.getBody());
    if ([400, 413].includes(status)) return this.refuse(error.originalResponse.getBody());
    return this.show('broken', this.words.wordsBroken);
  }

  whole() {
    this.bar.value = 100;
    this.form.elements.upload.value = this.upload.url.replace(/\/$/, '').split('/').pop();
    this.input.disabled = true; // it is there already
    this.show('whole', this.words.wordsWhole);
    if (this.submitter) this.form.requestSubmit(this.submitter.form ? this.submitter : undefined);
  }
}

const senderOf = (box) => {
  if (!senders.has(box)) senders.set(box, new Sender(box));
  return senders.get(box);
};

document.addEventListener('change', (event) => {
  const box = event.target.type === 'file' && event.target.closest('[data-resumable]');
  if (!box) return;
  const sender = senderOf(box);
  sender.take(event.target.files[0]).catch(() => sender.show('idle', '')); // then the form sends it
});

// Before Wagtail's own listeners: the form waits until the last piece is there.
document.addEventListener('submit', (event) => {
  const box = event.target.querySelector('[data-resumable]');
  const sender = box && senders.get(box);
  if (!sender || !['looking', 'sending', 'paused', 'broken'].includes(sender.state)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  sender.submitter = event.submitter || sender.form;
  if (sender.state !== 'sending' && sender.state !== 'looking') sender.goOn();
  sender.told.textContent += sender.words.wordsThenSubmit;
}, true);

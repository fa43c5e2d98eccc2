// The lessons that this browser keeps: a cache each (keeping.js fills them), with the lesson's book, in
// which stands every answer that its pages can ask for (lms/offline/book.py). Part of the worker.
self.library = (() => {
  const CACHE = 'kept-';
  const START = '|-|0|0'; // of a practice
  let shelf = null; // what is kept, by its address; null until that was read
  let reading = null;

  const bookAddress = (lesson) => self.site.book.replace('(number)', lesson);

  async function entryIn(name) {
    const cache = await caches.open(name);
    const found = await cache.match(bookAddress(name.slice(CACHE.length)) + '?entry');
    return found ? found.json() : null;
  }

  async function readAll() {
    const names = (await caches.keys()).filter((name) => name.startsWith(CACHE));
    const entries = (await Promise.all(names.map(entryIn))).filter(Boolean);
    const found = { pages: new Map(), files: new Map(), films: new Map() };
    for (const entry of entries) {
      for (const address of entry.pages) found.pages.set(address, entry);
      for (const file of entry.files) found.files.set(file.url, { entry, stays: file.stays });
      if (entry.film) for (const address of entry.film.stands_for) found.films.set(address, entry);
    }
    shelf = found;
  }

  // Again after something was kept or removed.
  function read(again) {
    if (!reading || again) reading = readAll();
    return reading;
  }

  const isRead = () => shelf !== null;
  const page = (path) => shelf.pages.get(path);
  const file = (path) => shelf.files.get(path);
  const film = (path) => shelf.films.get(path);
  const has = (path) => Boolean(page(path) || file(path) || film(path));

  async function fromCache(entry, address) {
    const cache = await caches.open(CACHE + entry.lesson);
    return cache.match(address, { ignoreVary: true });
  }

  function putIn(html, before, after) {
    const at = html.indexOf(before);
    return at < 0 ? html : html.slice(0, at) + after + html.slice(at + before.length);
  }

  async function lessonPage(book, asked) {
    const { html, quizzes, learnt } = book.parts.lesson;
    const chosen = asked.get('answer');
    const quiz = quizzes[Number(asked.get('quiz') || 1) - 1];
    const after = quiz && chosen !== null ? quiz.after[Number(chosen)] : undefined;
    if (after && !(await self.queue.far(book.lesson)).quiz) await self.queue.note(book.lesson, 'quiz');
    const far = await self.queue.far(book.lesson);
    const through = self.queue.isGoneThrough(far);
    let state = 'before';
    if (through) state = far.quiz || quizzes.length === 0 ? 'done' : 'read';
    else if (far.quiz) state = 'quiz';
    const shown = putIn(html, learnt.before, learnt[state]);
    return after ? putIn(shown, quiz.before, after) : shown;
  }

  async function practicePage(book, asked) {
    const { html, parts, moments, end } = book.parts.practice;
    const press = asked.has('press') ? asked.get('press') : '-';
    const [screen, misses] = [asked.get('screen') || '', asked.get('misses') || 0];
    const wanted = [asked.get('typed') || 0, 0].map((typed) => [screen, press, misses, typed].join('|'));
    const known = [...wanted, START].find((key) => key in moments);
    const place = moments[known];
    if (place === end && !(await self.queue.far(book.lesson)).practised) await self.queue.note(book.lesson, 'practised');
    return putIn(html, parts[moments[START]], parts[place]);
  }

  // A page as it was kept, with what was done here since; null where the browser has dropped it.
  async function answer(address) {
    const entry = page(address.pathname);
    const kept = entry && await fromCache(entry, bookAddress(entry.lesson) + '?whole');
    if (!kept) return null;
    const book = await kept.json();
    const { lesson, practice, unclear } = book.parts;
    let html = unclear.html;
    if (address.pathname === lesson.url) html = await lessonPage(book, address.searchParams);
    else if (practice && address.pathname === practice.url) html = await practicePage(book, address.searchParams);
    const headers = { 'Content-Type': 'text/html; charset=utf-8' };
    const rules = kept.headers.get('Content-Security-Policy');
    if (rules) headers['Content-Security-Policy'] = rules;
    return new Response(html, { headers });
  }

  // Null: this lesson is not kept.
  async function lessonAddress(lesson) {
    await read();
    const entry = Array.from(shelf.pages.values()).find((one) => one.lesson === lesson);
    return entry ? entry.url : null;
  }

  return { read, isRead, lessonAddress, has, page, file, film, fromCache, answer };
})();

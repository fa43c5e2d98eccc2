// A kept film lies in pieces, and a player asks for a stretch of it: what is answered is what lies
// there from the stretch's first byte on. Part of the worker.
self.films = (() => {
  function stretch(header, size) {
    const asked = /^bytes=(\d*)-(\d*)$/.exec(header || '');
    if (!asked || (asked[1] === '' && asked[2] === '')) return null;
    const [, first, last] = asked;
    if (first === '') return [Math.max(0, size - Number(last)), size - 1];
    return [Number(first), last === '' ? size - 1 : Math.min(Number(last), size - 1)];
  }

  // The bytes from `first` to `last`, both with; fewer where a later piece is missing; null where the
  // first one is.
  async function bytesOf(entry, first, last) {
    const { url, piece } = entry.film;
    const found = [];
    for (let number = Math.floor(first / piece); number * piece <= last; number += 1) {
      const kept = await self.library.fromCache(entry, url + '?piece=' + number);
      if (!kept) break;
      const blob = await kept.blob();
      const from = Math.max(0, first - number * piece);
      found.push(blob.slice(from, Math.min(blob.size, last + 1 - number * piece)));
    }
    return found.length > 0 ? new Blob(found) : null;
  }

  // Null: the piece is not there.
  async function answer(request, entry) {
    const size = entry.film.bytes;
    const asked = stretch(request.headers.get('Range'), size);
    const [first, last] = asked || [0, size - 1];
    const headers = { 'Content-Type': 'video/mp4', 'Accept-Ranges': 'bytes' };
    if (first > last) {
      headers['Content-Range'] = 'bytes */' + size;
      return new Response(null, { status: 416, headers });
    }
    const bytes = await bytesOf(entry, first, last);
    if (!bytes || (!asked && bytes.size < size)) return null;
    headers['Content-Length'] = String(bytes.size);
    if (asked) headers['Content-Range'] = 'bytes ' + first + '-' + (first + bytes.size - 1) + '/' + size;
    return new Response(bytes, { status: asked ? 206 : 200, headers });
  }

  return { answer };
})();

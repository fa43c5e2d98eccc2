// The vendored library is written for CommonJS: it hangs its function on a global `exports`.
window.exports = window.exports || {};

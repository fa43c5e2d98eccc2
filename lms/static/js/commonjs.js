// What is vendored and written for CommonJS hangs its functions on a global `exports`.
window.exports = window.exports || {};

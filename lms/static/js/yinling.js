// The one name that our modules share. Each hangs there what it offers to those after it; the
// pages name them in order. (Plain properties and no `import`, so that one syntax check, that of
// ES2018 scripts, serves every file; type="module" keeps all else in a file to itself.)
window.yinling = {};

// The vendored lrud is written for CommonJS: it hangs its function on a global `exports`.
window.exports = window.exports || {};

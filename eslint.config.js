// Learners' pages run on televisions of 2020 (Chromium 68): ES2018, and only what that engine has.
// What the floor lacks may be used behind a test such as `if ("mediaSession" in navigator)`.
import js from "@eslint/js";
import compat from "eslint-plugin-compat";
import globals from "globals";

// Modules share by import and export alone, in the few forms that lms/joining.py joins.
const oneDialect = [
  ["ExportDefaultDeclaration, ExportAllDeclaration, ExportNamedDeclaration[declaration=null]", "Export each thing where it is declared."],
  ["ExportNamedDeclaration > VariableDeclaration[kind=let]", "What is exported does not change."],
  ["ExportNamedDeclaration > VariableDeclaration > VariableDeclarator > ObjectPattern", "Export one thing a line, by its name."],
  ["ExportNamedDeclaration > VariableDeclaration > VariableDeclarator + VariableDeclarator", "Export one thing a line, by its name."],
  ["ImportDefaultSpecifier, ImportNamespaceSpecifier", "Import by name."],
  ["ImportExpression", "Import at the file's head."],
].map(([selector, message]) => ({ selector, message }));

export default [
  { ignores: ["lms/static/vendor/"] },
  js.configs.recommended,
  compat.configs["flat/recommended"], // reads .browserslistrc
  {
    files: ["lms/static/**/*.js"],
    languageOptions: { ecmaVersion: 2018, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-unused-vars": ["error", { caughtErrors: "none" }], // ES2018 has no `catch {`
      "no-var": "error",
      "prefer-const": "error",
      "no-implicit-globals": "error",
      "no-eval": "error",
      "no-restricted-properties": ["error", { object: "window", property: "yinling", message: "Import it." }],
    },
  },
  {
    files: ["lms/static/js/**/*.js", "lms/static/tv/*.js", "lms/static/packs/*.js", "lms/static/offline/*.js", "lms/static/autosave/*.js", "lms/static/manuals/*.js", "lms/static/admin/**/*.js", "lms/static/reports/*.js", "lms/static/ledger/*.js"],
    rules: { "no-restricted-syntax": ["error", ...oneDialect] },
  },
  { // the teacher's roll, the review desk and the workbench are for current browsers
    files: ["lms/static/attendance/*.js", "lms/static/autosave/*.js", "lms/static/admin/desk/*.js", "lms/static/manuals/*.js"],
    languageOptions: { ecmaVersion: 2024, globals: { ...globals.browser, ...globals.serviceworker } },
    rules: { "compat/compat": "off" },
  },
];

// Learners' pages run on televisions of 2020 (Chromium 68). What is newer is written inside
// @supports, where such an engine skips it. Our own rule looks every word up in MDN's data: doiuse and
// its plugin know half as many features and do not see that a rule stands inside @supports.
import bcd from "@mdn/browser-compat-data" with { type: "json" };
import stylelint from "stylelint";

const FLOOR = 68;
const name = "yinling/floor";

/** The first Chrome that has it plainly (no prefix, no flag); undefined where MDN does not say. */
function since(entry) {
  const support = entry?.__compat?.support.chrome;
  if (!support) return undefined;
  const plain = [support].flat().filter((s) => !s.prefix && !s.alternative_name && !s.flags && s.version_added);
  return Math.min(Infinity, ...plain.map((s) => parseFloat(s.version_added.replace("≤", ""))));
}

const floor = stylelint.createPlugin(name, () => (root, result) => {
  const refuse = (node, word, entry) => {
    for (let up = node.parent; up; up = up.parent) if (up.name === "supports") return;
    const version = since(entry);
    if (version > FLOOR) {
      const message = `${word} came with Chrome ${version}; televisions have ${FLOOR} (write it inside @supports)`;
      stylelint.utils.report({ ruleName: name, result, node, word, message });
    }
  };
  root.walkRules((rule) => {
    for (const [word, pseudo] of rule.selector.matchAll(/::?([\w-]+)/g)) refuse(rule, word, bcd.css.selectors[pseudo]);
  });
  root.walkDecls((decl) => {
    const { types, properties } = bcd.css;
    const property = properties[decl.prop];
    refuse(decl, decl.prop, property);
    if (/^(row-|column-)?gap$/.test(decl.prop) && decl.parent.some((d) => /flex$/.test(d.prop === "display" && d.value)))
      refuse(decl, decl.prop, properties.gap.flex_context);
    for (const [word] of decl.value.matchAll(/\d[dls]v(h|w|min|max)\b/g))
      refuse(decl, word, types.length.viewport_percentage_units_dynamic);
    for (const [word, call] of decl.value.matchAll(/[a-z][\w-]*(\()?/gi)) {
      const fn = word.slice(0, -1);
      refuse(decl, word, call ? (types[fn] ?? types.color[fn]) : property?.[word]);
    }
  });
  root.walkAtRules((rule) => {
    if (rule.name !== "supports") refuse(rule, `@${rule.name}`, bcd.css["at-rules"][rule.name]);
  });
});

export default {
  extends: "stylelint-config-recommended",
  plugins: [floor],
  ignoreFiles: ["lms/static/vendor/**"],
  rules: {
    [name]: true,
    "media-feature-range-notation": "prefix",
    "max-nesting-depth": [0, { ignoreAtRules: ["media", "supports"] }],
    "selector-max-id": 0,
    "declaration-no-important": true,
  },
  overrides: [
    { files: ["**/print.css"], rules: { "declaration-no-important": null } },
    { files: ["lms/static/attendance/*.css", "lms/static/admin/**/*.css", "lms/static/manuals/*.css"], rules: { [name]: null } }, // for current browsers
  ],
};

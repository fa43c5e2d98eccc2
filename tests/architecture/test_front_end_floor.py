"""eslint and stylelint hold the floor of Chromium 68: each is shown to refuse what is newer."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

#: What a script may not hold, and what is said of it.
NEWER_SCRIPTS = [
    ("export const a = document.body?.id;\n", "Parsing error"),
    ("export const a = document.title ?? 'x';\n", "Parsing error"),
    ("export class A { size = 1; }\n", "Parsing error"),
    ("export const a = [[1]].flat();\n", "not supported in Chrome 68"),
    ("export const a = Object.fromEntries([]);\n", "not supported in Chrome 68"),
]
SHARED_OTHERWISE = [
    ("window.yinling.show = () => {};\n", "Import it"),
    ("export default function show() {}\n", "where it is declared"),
    ("const show = 1;\nexport { show };\n", "where it is declared"),
    ("export let shown = 1;\n", "does not change"),
    ("export const { show } = window.exports;\n", "one thing a line"),
    ("import * as part from './part.js';\npart.show();\n", "Import by name"),
    ("import('./part.js');\n", "Parsing error"),
]
NEWER_STYLES = [
    (".a:has(.b) { color: red; }\n", ":has"),
    (".a:is(.b) { color: red; }\n", ":is"),
    (".a:focus-visible { color: red; }\n", ":focus-visible"),
    (".a { display: flex; gap: 1rem; }\n", "gap"),
    (".a { inset: 0; }\n", "inset"),
    (".a { width: clamp(1rem, 2vw, 3rem); }\n", "clamp("),
    (".a { height: 100dvh; }\n", "dvh"),
    ("@layer base { .a { color: red; } }\n", "@layer"),
]
STYLES_OF_THE_FLOOR = [
    ".a { display: grid; gap: 1rem; }\n",
    ".a:focus { outline: 0.25rem solid currentcolor; }\n",
    "@supports (inset: 0) { .a { inset: 0; } }\n",
]


@pytest.fixture(scope="module")
def told(checkout):
    """What is said of each source, as if it were a file of lms/static; asked in one go."""
    scripts = [source for source, _words in (*NEWER_SCRIPTS, *SHARED_OTHERWISE)]
    styles = [*(source for source, _word in NEWER_STYLES), *STYLES_OF_THE_FLOOR]
    planted = [{"file": "lms/static/js/planted.js", "source": source} for source in scripts]
    planted += [{"file": "lms/static/planted.css", "source": source} for source in styles]
    done = subprocess.run(
        [Path(sys.prefix) / "bin/node", Path(__file__).parent / "lint_sources.mjs"],
        cwd=checkout,
        input=json.dumps(planted),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip((*scripts, *styles), json.loads(done.stdout), strict=True))


@pytest.mark.parametrize(("source", "complaint"), [*NEWER_SCRIPTS, *SHARED_OTHERWISE])
def test_a_newer_script_is_refused_and_so_is_one_that_shares_otherwise(told, source, complaint):
    assert complaint in "\n".join(told[source])


@pytest.mark.parametrize(("source", "word"), NEWER_STYLES)
def test_a_newer_style_is_refused(told, source, word):
    [complaint] = told[source]
    assert complaint.startswith("yinling/floor")
    assert f"{word} came with Chrome" in complaint


@pytest.mark.parametrize("source", STYLES_OF_THE_FLOOR)
def test_what_the_floor_has_or_may_skip_is_accepted(told, source):
    assert told[source] == []

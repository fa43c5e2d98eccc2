"""eslint and stylelint hold the floor of Chromium 68: each is shown to refuse what is newer."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def lint(checkout):
    def run(tool: str, name: str, source: str) -> tuple[int, str]:
        """Exit status and complaints about a source, as if it were that file of lms/static."""
        node = Path(sys.prefix) / "bin/node"
        done = subprocess.run(
            [node, f"node_modules/{tool}", "--stdin", f"--stdin-filename=lms/static/{name}"],
            cwd=checkout,
            input=source,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("export const a = document.body?.id;\n", "Parsing error"),
        ("export const a = document.title ?? 'x';\n", "Parsing error"),
        ("export class A { size = 1; }\n", "Parsing error"),
        ("export const a = [[1]].flat();\n", "not supported in Chrome 68"),
        ("export const a = Object.fromEntries([]);\n", "not supported in Chrome 68"),
    ],
)
def test_newer_script_is_refused(lint, source, complaint):
    status, output = lint("eslint/bin/eslint.js", "planted.js", source)
    assert status == 1
    assert complaint in output


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("window.yinling.show = () => {};\n", "import it"),
        ("export default function show() {}\n", "where it is declared"),
        ("const show = 1;\nexport { show };\n", "where it is declared"),
        ("export let shown = 1;\n", "does not change"),
        ("export const { show } = window.exports;\n", "one thing a line"),
        ("import * as part from './part.js';\npart.show();\n", "import by name"),
        ("import('./part.js');\n", "parsing error"),
    ],
)
def test_a_module_shares_in_no_other_way_than_by_names(lint, source, complaint):
    status, output = lint("eslint/bin/eslint.js", "js/planted.js", source)
    assert status == 1
    assert complaint in output.lower()


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (".a:has(.b) { color: red; }\n", ":has"),
        (".a:is(.b) { color: red; }\n", ":is"),
        (".a:focus-visible { color: red; }\n", ":focus-visible"),
        (".a { display: flex; gap: 1rem; }\n", "gap"),
        (".a { inset: 0; }\n", "inset"),
        (".a { width: clamp(1rem, 2vw, 3rem); }\n", "clamp("),
        (".a { height: 100dvh; }\n", "dvh"),
        ("@layer base { .a { color: red; } }\n", "@layer"),
    ],
)
def test_newer_style_is_refused(lint, source, word):
    status, output = lint("stylelint/bin/stylelint.mjs", "planted.css", source)
    assert status == 2
    assert "yinling/floor" in output
    assert f"{word} came with Chrome" in output


@pytest.mark.parametrize(
    "source",
    [
        ".a { display: grid; gap: 1rem; }\n",
        ".a:focus { outline: 0.25rem solid currentcolor; }\n",
        "@supports (inset: 0) { .a { inset: 0; } }\n",
    ],
)
def test_what_the_floor_has_or_may_skip_is_accepted(lint, source):
    status, output = lint("stylelint/bin/stylelint.mjs", "planted.css", source)
    assert (status, output) == (0, "")

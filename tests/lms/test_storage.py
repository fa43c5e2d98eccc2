"""What collectstatic joins: in the order in which a browser runs it, each with names of its own."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from lms.joining import CannotJoin, join_modules, join_sheets
from lms.storage import JOINED, JoinedStaticFilesStorage

#: Folders of templates: the phone's page, which keeps its files, and the review in the admin.
NAME_THEIR_OWN = {"roll", "review"}


def reading(**files: str):
    named = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    return named.__getitem__


def read_static(name: str) -> str:
    path = finders.find(name)
    assert isinstance(path, str), name
    return Path(path).read_text()


def run(script: str, folder: Path) -> str:
    """What Node says that a plain script printed."""
    (folder / "joined.cjs").write_text(script)
    node = Path(sys.prefix) / "bin/node"
    done = subprocess.run(
        [shutil.which(node) or "node", folder / "joined.cjs"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_modules_run_in_their_order_once_and_share_nothing_but_what_they_export(tmp_path):
    read = reading(
        js__page_js=(
            "import { greet } from './parts/greeting.js';\n"
            "import './parts/words.js';\n"
            "const name = 'page';\n"
            "console.log(greet('all'), name);\n"
        ),
        js__parts__greeting_js=(
            "// Greets.\n"
            "import { HELLO as word, shout } from './words.js';\n"
            "const name = 'greeting';\n"
            "export function greet(who) { return shout(word + who) + name; }\n"
        ),
        js__parts__words_js=(
            "console.log('words');\n"
            "export const HELLO = 'hello ';\n"
            "export class Word {}\n"
            "export async function wait() {}\n"
            "export function shout(text) { return text.toUpperCase(); }\n"
        ),
    )
    assert run(join_modules("js/page.js", read), tmp_path) == "words\nHELLO ALLgreeting page\n"


@pytest.mark.parametrize(
    "line",
    [
        "import part from './part.js';",
        "import * as part from './part.js';",
        "export default 1;",
        "export { a };",
        "export * from './part.js';",
        "export let a = 1;",
    ],
)
def test_a_module_written_in_another_way_stops_the_collecting(line):
    with pytest.raises(CannotJoin, match=re.escape(line)):
        join_modules("a.js", reading(a_js=line + "\n", part_js="export const a = 1;\n"))


def test_modules_that_import_each_other_stop_the_collecting():
    read = reading(a_js="import './b.js';\n", b_js="import './a.js';\n")
    with pytest.raises(CannotJoin, match="imports itself"):
        join_modules("a.js", read)


def test_sheets_stand_in_the_order_in_which_they_are_named_and_paper_keeps_to_paper():
    read = reading(
        css__all_css='/* All. */\n@import "b.css";\n@import "parts/a.css" print;\n',
        css__parts__a_css=".a { color: red; }\n",
        css__b_css=".b { color: red; }\n",
    )
    assert join_sheets("css/all.css", read) == (
        "/* All. */\n.b { color: red; }\n@media print {\n.a { color: red; }\n}\n"
    )


@pytest.mark.parametrize("line", ['@import "c.css";\n', ".a { background: url(a.png); }\n"])
def test_a_sheet_whose_addresses_would_lead_elsewhere_stops_the_collecting(line):
    with pytest.raises(CannotJoin):
        join_sheets("css/all.css", reading(css__all_css='@import "a.css";\n', css__a_css=line))


def test_every_learners_sheet_is_in_the_one_that_their_pages_load():
    named = set(re.findall(r'@import "([^"]+)"', read_static("css/learner.css")))
    styles = Path(str(finders.find("css/learner.css"))).parent
    learners = {f"{name}.css" for name in ("tokens", "reset", "base", "layout", "print")}
    learners |= {f"blocks/{path.name}" for path in (styles / "blocks").glob("*.css")}
    assert learners <= named
    assert all((styles / name).is_file() for name in named)


def test_every_component_is_in_some_joined_sheet(checkout):
    """So that no page names a sheet of its own."""
    styles = Path(str(finders.find("css/learner.css"))).parent
    sheets = (read_static(name) for name in JOINED if name.endswith(".css"))
    named = {part for sheet in sheets for part in re.findall(r'@import "([^"]+)"', sheet)}
    assert {f"components/{path.name}" for path in (styles / "components").glob("*.css")} <= named
    pages = (checkout / "templates").rglob("*.html")
    alone = re.compile(r'static "css/components/|block more_styles')
    assert {path.parent.name for path in pages if alone.search(path.read_text())} == NAME_THEIR_OWN


@pytest.mark.parametrize("name", JOINED)
def test_what_is_joined_says_nothing_that_a_browser_would_fetch(name):
    join = join_sheets if name.endswith(".css") else join_modules
    joined = join(name, read_static)
    assert len(joined) > len(read_static(name))
    assert not re.search(r"^\s*(@import|import|export)\b", joined, re.MULTILINE)


def test_the_address_of_a_static_file_is_worked_out_once(tmp_path):
    storage = JoinedStaticFilesStorage(location=tmp_path, base_url="/static/")
    storage.hashed_files = {"css/tv.css": "css/tv.0123.css"}
    assert storage.url("css/tv.css") == "/static/css/tv.0123.css"
    storage.hashed_files = {}
    assert storage.url("css/tv.css") == "/static/css/tv.0123.css"
    with pytest.raises(ValueError, match="Missing staticfiles"):
        storage.url("css/other.css")

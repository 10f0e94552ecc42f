"""The page's modules as one script: each once, in order, with its own names; what cannot be joined is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from walkshed.maps import joining
from walkshed.maps.joining import joined, modules_of, read_module
from walkshed.maps.page import ENTRIES

TWO = {
    "a.js": 'import { one, two as pair } from "./room/b.js";\n\nconst own = 10;\n'
    "/** @returns {number} */\nexport function sum() {\n  return own + one + pair(); /* all */\n}\n",
    "room/b.js": 'import {\n  three,\n} from "../c.js";\n\nconst own = 1;\nexport const one = own;\n'
    "export async function later() {}\nexport const two = () => 2 * three;\n",
    "c.js": "export const three = 3;\n",
}


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    texts = dict(TWO)
    monkeypatch.setattr(joining, "source", texts.__getitem__)
    joining.joined.cache_clear()
    joining.modules_of.cache_clear()
    yield texts
    joining.joined.cache_clear()
    joining.modules_of.cache_clear()


def test_a_module_stands_behind_those_that_it_imports(modules: dict[str, str]) -> None:
    assert modules_of("a.js") == ("c.js", "room/b.js", "a.js")
    assert joined("a.js").count("const three = 3;") == 1


@pytest.mark.browser
def test_a_joined_script_runs_as_its_modules_would(modules: dict[str, str], chromium: Any) -> None:
    page = chromium.new_page()
    page.add_script_tag(content=joined("a.js", "c.js"))
    assert page.evaluate("[walkshed.sum(), walkshed.three, typeof own, typeof three]") == [
        *(17, 3),
        *("undefined", "undefined"),
    ]
    page.close()


def test_modules_in_a_circle_are_refused(modules: dict[str, str]) -> None:
    modules["c.js"] = 'import { sum } from "./a.js";\nexport const three = 3;\n'
    with pytest.raises(ValueError, match=r"a\.js → room/b\.js → c\.js → a\.js"):
        joined("a.js")


def test_a_name_that_is_not_exported_is_refused(modules: dict[str, str]) -> None:
    modules["c.js"] = "const three = 3;\n"
    with pytest.raises(ValueError, match=r"room/b\.js imports \['three'\], which c\.js does not"):
        joined("a.js")


@pytest.mark.parametrize(
    "line",
    [
        'import three from "./c.js";',
        'import * as c from "./c.js";',
        'import "./c.js";',
        "export default 3;",
        "export let three = 3;",
        "export { three };",
    ],
)
def test_a_form_that_the_joiner_does_not_know_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=re.escape("a.js has a line that is not joined")):
        read_module("a.js", f"const own = 1;\n{line}\n")


def test_comments_go_and_texts_stay() -> None:
    text = (
        "/* Of lines\n   of its own. */\n\nconst a = 1; /* behind one */\n"
        'const b = "/* a text */";\nconst c = 2; /* one */ /* and two */\n'
        "const d = /[\\\\/:*?]+/g;\n"
        "/** @type {Element} */ (e).focus();\n/** @type {number} */\nconst f = 1;\n"
    )
    assert read_module("a.js", text).text.replace(" /* one */", "") == (
        'const a = 1;\nconst b = "/* a text */";\nconst c = 2;\nconst d = /[\\\\/:*?]+/g;'
        "\n(e).focus();\nconst f = 1;"
    )


def test_the_page_holds_no_comment_and_no_text_over_two_lines() -> None:
    """A comment is known by its line, so that no text may look like one."""
    for name in modules_of(*ENTRIES):
        text = read_module(name, joining.source(name)).text
        assert "/**" not in text, name
        assert all(line.count("`") % 2 == 0 for line in text.splitlines()), name

"""Colors of the page: each is stated once, in colors.css, and all that has it follows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import walkshed
from maps.conftest import Opener
from maps.invented import invented
from maps.test_browser import until

BROWSER = Path(walkshed.__file__).parent / "maps" / "browser"
COLORS = (BROWSER / "colors.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z-]+): ([^;]+);", COLORS))
#: A color written out: in hexadecimal, as a function, or by one of the names that are in use.
NAMES = "white|black|gray|grey|red|green|blue|brown|orange|yellow|purple|navy"
LITERAL = re.compile(
    r"#(?:[0-9a-fA-F]{3,4}){1,2}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\([\d.]|"
    rf"(?<=: )(?:{NAMES})(?=[;,}}])|\"(?:{NAMES})\""
)
USED = re.compile(r"var\(--([a-z-]+)\)|colorOf\(\"([a-z-]+)\"\)|color: \"([a-z-]+)\"")


def sources() -> list[Path]:
    return [
        path
        for path in sorted(BROWSER.rglob("*"))
        if path.suffix in {".css", ".js", ".html"} and path.name != "colors.css"
    ]


def test_no_color_is_written_outside_the_tokens() -> None:
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for path in sources()
        for number, line in enumerate(without_comments(path).splitlines(), 1)
        if LITERAL.search(line)
    ]
    assert found == []


def without_comments(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return re.sub(
        r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), text, flags=re.DOTALL
    )


@pytest.mark.parametrize(
    ("line", "is_literal"),
    [
        ("  stroke: #a08a72;", True),
        ("  color: #fff;", True),
        ("  background: rgb(31 95 122 / 16%);", True),
        ("  color: white;", True),
        ('  fill: url("#fill-doubt");', False),
        ("  stroke: var(--doubt);", False),
        ('  document.querySelector("#headline .figure")', False),
    ],
)
def test_a_literal_is_known_when_it_is_seen(line: str, is_literal: bool) -> None:
    assert bool(LITERAL.search(line)) == is_literal


def test_every_token_is_used_and_every_used_one_exists() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sources())
    used = {next(filter(None, names)) for names in USED.findall(text)}
    used |= set(
        re.findall(r"\"([a-z-]+)\"", (BROWSER / "map" / "ground.js").read_text(encoding="utf-8"))
    )
    assert sorted(set(TOKENS) - used) == []
    others = {"sans", "serif"}
    named = set(re.findall(r"var\(--([a-z-]+)\)", text)) - others
    defined = set(re.findall(r"--([a-z-]+):", text))
    assert sorted(named - set(TOKENS) - defined) == []
    assert len(set(TOKENS.values())) == len(TOKENS)


def paint(page: Any, selector: str, what: str) -> list[str]:
    code = f"list => [...new Set(list.map(one => getComputedStyle(one)['{what}']))]"
    return page.locator(selector).evaluate_all(code)


@pytest.mark.browser
def test_the_map_and_its_legend_follow_one_token(open_page: Opener) -> None:
    page = open_page(invented(near_edge=True))
    until(page, "document.querySelector('path[data-look=doubt]') !== null")
    page.add_style_tag(content=":root { --doubt: rgb(1, 2, 3); --reach: rgb(4, 5, 6); }")
    seen = ["path[data-look=doubt]", ".swatch.doubt"]
    assert [paint(page, each, "stroke") for each in seen] == [["rgb(1, 2, 3)"]] * 2
    assert paint(page, "#fill-doubt .mark", "fill") == ["rgb(1, 2, 3)"]
    assert page.evaluate("walkshed.colorOf('doubt')") == "rgb(1, 2, 3)"

    # what Leaflet draws: a catchment, and the line that stands for it in the legend
    page.locator(".station").first.click()
    until(page, "document.querySelector('.catchment-area') !== null")
    drawn = page.evaluate(
        '[...document.querySelectorAll(\'path[stroke*="var("], line[stroke*="var("]\')]'
        ".filter(one => one.getAttribute('stroke') === 'var(--reach)')"
        ".map(one => getComputedStyle(one).stroke)"
    )
    assert set(drawn) == {"rgb(4, 5, 6)"}
    assert len(drawn) > 1

"""Colors and sizes of the page: each is stated once, in tokens.css, and all that has it follows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import walkshed
from maps.conftest import Opener
from maps.invented import invented
from maps.test_browser import until
from walkshed.maps.joining import FIRST_STYLES, LAST_STYLES, modules_of, stylesheets
from walkshed.maps.page import ENTRIES

BROWSER = Path(walkshed.__file__).parent / "maps" / "browser"
STATED = dict(
    re.findall(r"--([\w-]+):\s*([^;]+);", (BROWSER / "tokens.css").read_text(encoding="utf-8"))
)
TOKENS = {name: value for name, value in STATED.items() if re.match(r"#|rgb\(", value)}
SIZES = {name: value for name, value in STATED.items() if name not in TOKENS}
#: A color written out: in hexadecimal, as a function, or by one of the names that are in use.
NAMES = "white|black|gray|grey|red|green|blue|brown|orange|yellow|purple|navy"
LITERAL = re.compile(
    r"#(?:[0-9a-fA-F]{3,4}){1,2}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\([\d.]|"
    rf"(?<=: )(?:{NAMES})(?=[;,}}])|\"(?:{NAMES})\""
)
USED = re.compile(r"var\(--([\w-]+)\)|colorOf\(\"([a-z-]+)\"\)|color: \"([a-z-]+)\"")


def sources() -> list[Path]:
    return [
        path
        for path in sorted(BROWSER.rglob("*"))
        if path.suffix in {".css", ".js", ".html"} and path.name != "tokens.css"
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
    used |= set(re.findall(r"var\(--([\w-]+)\)", " ".join(STATED.values())))
    assert sorted(set(STATED) - used) == []
    named = set(re.findall(r"var\(--([\w-]+)\)", text))
    assert sorted(named - set(STATED)) == []
    assert len(set(TOKENS.values())) == len(TOKENS)


#: A size written out: a length, or a bare number where one is a size or a place among others.
SIZE = re.compile(
    r"(?<![\w.-])-?\d*\.?\d+(?:px|r?em|ex|ch|v[hw]|mm|pt)\b|"
    r"(?<=z-index: )-?\d+|(?<=line-height: )[\d.]+|(?<=stroke-width: )[\d.]+"
)
#: Where a browser may stand that knows no tokens.
WITHOUT_TOKENS = ".too-old-words"


def sizes_written(text: str) -> list[str]:
    """Return the lines of a style that write a size; widths of windows, which no token can be, are none."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(re.escape(WITHOUT_TOKENS) + r" \{[^}]*\}", "", text)
    lines = (line.strip() for line in text.splitlines() if not line.startswith("@media"))
    return [line for line in lines if SIZE.search(line)]


def test_no_size_is_written_outside_the_tokens() -> None:
    found = {
        path.name: sizes_written(path.read_text(encoding="utf-8"))
        for path in sources()
        if path.suffix == ".css"
    }
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(found) > 15


@pytest.mark.parametrize(
    ("line", "is_size"),
    [
        ("  padding: 4px var(--space-8);", True),
        ("  margin: calc(-1 * 1.5em);", True),
        ("  max-height: 46vh;", True),
        ("  z-index: 900;", True),
        ("  line-height: 1.4;", True),
        ("  padding: 0 var(--space-8);", False),
        ("  width: calc(100% - var(--space-12));", False),
        ("  grid-template-columns: repeat(2, minmax(0, 1fr));", False),
        ("@media screen and (max-width: 820px) {", False),
    ],
)
def test_a_size_is_known_when_it_is_seen(line: str, is_size: bool) -> None:
    assert bool(sizes_written(line)) == is_size


def test_distances_are_named_by_their_pixels_and_in_order() -> None:
    """A scale, and not a heap: each step is wider than the one before, and says how wide it is."""
    steps = {name: size for name, size in SIZES.items() if name.startswith("space-")}
    assert [f"space-{size.removesuffix('px')}" for size in steps.values()] == list(steps)
    widths = [int(size.removesuffix("px")) for size in steps.values()]
    assert widths == sorted(set(widths))


def test_every_style_stands_beside_the_part_that_it_dresses() -> None:
    styles = set(stylesheets(*ENTRIES)) - {*FIRST_STYLES, *LAST_STYLES}
    assert {name.replace(".css", ".js") for name in styles} <= set(modules_of(*ENTRIES))


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

"""What offices still run: a real Chromium 78, the syntax of Firefox 78, and a sentence for what is older."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import walkshed.maps.page
from maps.conftest import old_chromium
from maps.devtools import OldChromium
from maps.test_whatif import printed
from walkshed.maps.page import page_text
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import Study

BROWSER = Path(walkshed.maps.page.__file__).parent / "browser"
#: What Chromium 78 or Firefox 78 lacks, and what the page must therefore not say.
TOO_NEW_SCRIPT = {
    "nullish": r"\?\?",
    "optional chaining": r"\?\.(?!\d)",
    "logical assignment": r"(\|\||&&)=",
    "private fields": r"\bthis\.#|^\s*#\w+\s*[=;(]",
    "class fields and static blocks": r"^\s*static\s*[{\w]",
    "numeric separators": r"\b\d+_\d",
    "big integers": r"\b\d+n\b",
    "await outside of functions": r"^await\b",
    "methods": r"\.(replaceAll|at|findLast|findLastIndex|toSorted|toReversed|toSpliced|with|groupBy|allSettled)\(",
    "functions": r"\b(structuredClone|requestIdleCallback|queueMicrotask\.call|reportError)\(",
    "statics": r"\b(Object\.(hasOwn|groupBy)|Promise\.(any|withResolvers)|Array\.fromAsync|crypto\.randomUUID)\b",
    "classes": r"\b(WeakRef|FinalizationRegistry|AggregateError|(De)?CompressionStream|OffscreenCanvas)\b",
    "newer options of Intl": r"Intl\.(Segmenter|DisplayNames|DurationFormat)",
    "regular expressions": r"(?<![\w)])/[^/\n]+/[a-z]*[dv][a-z]*[.,);]",
}
TOO_NEW_STYLE = {
    "selectors": r":(is|where|has|focus-within-visible|dir|modal|popover-open)\(",
    "selectors within :not": r":not\([^)]*,",
    "functions": r"(?<![\w-])(clamp|color-mix|oklch|oklab|lab|lch|round|env)\(",
    "inset": r"^\s*inset(-\w+)*\s*:",
    "logical shorthands": r"^\s*(margin|padding|border)-(inline|block)\s*:",
    "newer properties": r"^\s*(aspect-ratio|translate|rotate|scale|content-visibility|container(-\w+)?)\s*:",
    "values": r":\s*clip\s*;|\d(dvh|svh|lvh|dvw|svw|cqw|cqi)\b",
    "conic gradients": r"conic-gradient\(",
    "at-rules": r"@(layer|container|property|scope|starting-style)\b",
    "ranges in media queries": r"@media[^{]*[<>]",
    "nesting": r"^\s*&",
}
#: What Chromium 78 knows and Firefox 78 lacks, for which Debian has no browser to try.
NOT_IN_FIREFOX_78_SCRIPT = {
    "methods": r"\.(scrollIntoViewIfNeeded|captureStackTrace|showPicker|webkit\w+)\(",
    "interfaces": r"\b(webkit[A-Z]\w*|CSSStyleSheet\(|adoptedStyleSheets|ClipboardItem|FileSystem\w+|chrome\.)",
    "functions": r"\b(showOpenFilePicker|showSaveFilePicker|requestFileSystem)\(",
    "properties": r"\.(userAgentData|deviceMemory|connection|ariaPressed|ariaLabel|inert)\b",
    "events": r"\"(mousewheel|webkit\w+|DOMFocusIn)\"",
}
NOT_IN_FIREFOX_78_STYLE = {
    "selectors": r"::-webkit-|:-webkit-|:autofill",
    "values": r":\s*-webkit-|\bimage-set\(|:\s*overlay\s*;",
    "functions": r"\b(image-set|path|paint)\(",
    "properties": r"^\s*(backdrop-filter|zoom|overflow-anchor|d|offset-path|line-break-\w+|user-zoom)\s*:",
}


def without_comments(text: str) -> str:
    """Return a file without what no browser reads: comments, and where modules import from."""
    return re.sub(r"/\*.*?\*/| from \"[^\"\n]+\";", "", text, flags=re.DOTALL)


def browser_files(kind: str) -> dict[str, str]:
    """Return every file of the page of one kind, without its comments, by its name."""
    return {
        path.relative_to(BROWSER).as_posix(): without_comments(path.read_text(encoding="utf-8"))
        for path in sorted(BROWSER.rglob(f"*.{kind}"))
    }


def said(pattern: str, kind: str) -> dict[str, list[str]]:
    """Return the lines of the page that say what a pattern tells of, by file."""
    line = re.compile(f".*(?:{pattern}).*", re.MULTILINE)
    found = {
        name: [match.group() for match in line.finditer(text)]
        for name, text in browser_files(kind).items()
    }
    return {name: lines for name, lines in found.items() if lines}


@pytest.mark.parametrize("what", TOO_NEW_SCRIPT)
def test_scripts_keep_to_what_old_browsers_know(what: str) -> None:
    assert said(TOO_NEW_SCRIPT[what], "js") == {}


@pytest.mark.parametrize("what", TOO_NEW_STYLE)
def test_styles_keep_to_what_old_browsers_know(what: str) -> None:
    assert said(TOO_NEW_STYLE[what], "css") == {}


@pytest.mark.parametrize("what", NOT_IN_FIREFOX_78_SCRIPT)
def test_scripts_keep_to_what_firefox_78_knows(what: str) -> None:
    assert said(NOT_IN_FIREFOX_78_SCRIPT[what], "js") == {}


@pytest.mark.parametrize("what", NOT_IN_FIREFOX_78_STYLE)
def test_styles_keep_to_what_firefox_78_knows(what: str) -> None:
    assert said(NOT_IN_FIREFOX_78_STYLE[what], "css") == {}


def test_the_linter_and_the_types_know_no_newer_javascript() -> None:
    """ES2019: what both browsers read; ES2020 is Firefox 78's, and not Chromium 78's."""
    root = Path(__file__).parents[2]
    types = (root / "tsconfig.json").read_text(encoding="utf-8")
    linter = (root / "eslint.config.js").read_text(encoding="utf-8")
    assert re.findall(r'"target": "(\w+)"', types) == ["ES2019"]
    assert re.findall(r'"(ES\d+)"', types.partition('"lib"')[2].partition("]")[0]) == ["ES2019"]
    assert set(re.findall(r"ecmaVersion: (\d+)", linter)) == {"2019", "5"}


@pytest.mark.parametrize(
    ("pattern", "kind", "example"),
    [
        (TOO_NEW_SCRIPT["nullish"], "js", "const a = b ?? c;"),
        (TOO_NEW_SCRIPT["optional chaining"], "js", "a?.b"),
        (TOO_NEW_SCRIPT["methods"], "js", 'name.replaceAll("a", "b")'),
        (NOT_IN_FIREFOX_78_SCRIPT["interfaces"], "js", "new webkitURL()"),
        (NOT_IN_FIREFOX_78_STYLE["selectors"], "css", "::-webkit-scrollbar {"),
        (TOO_NEW_STYLE["inset"], "css", "  inset: 0;"),
        (TOO_NEW_STYLE["selectors"], "css", ".a:is(.b, .c) {"),
        (TOO_NEW_STYLE["logical shorthands"], "css", "  border-block: 1px solid;"),
    ],
)
def test_the_lists_find_what_they_are_for(pattern: str, kind: str, example: str) -> None:
    assert re.search(pattern, example, re.MULTILINE), kind


def test_a_size_that_old_browsers_cannot_reckon_is_asked_for_first() -> None:
    """Chromium 78 has no min() and max(), minmax() of a grid it knows.

    A value that is named by a token has nothing to fall back on: it stands where a browser says
    that it can reckon it.
    """
    for name, text in browser_files("css").items():
        text = re.sub(r"@supports \(width: min\(.*?\n\}", "", text, flags=re.DOTALL)
        assert re.findall(r"(?<![\w-])(?:min|max)\([^\n]*", text) == [], name


def test_focus_that_only_new_browsers_tell_stands_in_rules_of_its_own() -> None:
    """A browser drops a whole rule whose selectors it does not know."""
    for name, text in browser_files("css").items():
        for selectors in re.findall(r"([^{}]+)\{", text):
            told = [":focus-visible" in selector for selector in selectors.split(",")]
            assert all(told) or not any(told), (name, selectors.strip())


def test_the_gate_is_written_in_the_oldest_javascript() -> None:
    """Any browser must be able to read it: no word and no sign that came after 1999."""
    newer = (
        r"=>|`|\b(let|const|class|of|async|await)\b|\.\.\.|classList|querySelector|EventListener"
    )
    assert re.findall(newer, browser_files("js")["shared/gate.js"]) == []


@pytest.mark.browser
@pytest.mark.parametrize(
    "old",
    ["delete Promise.allSettled", "delete Object.fromEntries", "delete Element.prototype.append"],
)
def test_an_older_browser_gets_a_sentence(
    old: str, gucheng: Results, chromium: Any, tmp_path: Path
) -> None:
    """One that is told by what it lacks, and one that fails on its way."""
    path = tmp_path / "page.html"
    path.write_text(page_text(gucheng), encoding="utf-8")
    page = chromium.new_page()
    page.context.set_offline(True)
    page.add_init_script(old)
    page.goto(path.as_uri())
    words = build_payload(gucheng)["words"]["zh"]["page"]["too_old"]
    assert page.locator("#too-old").inner_text() == words
    assert page.locator("#too-old").is_visible()
    assert page.locator(".page").is_hidden()
    page.close()


@pytest.fixture(scope="module")
def old(gucheng: Results, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OldChromium]:
    """A Chromium 78, with the network off, on the page of the invented town."""
    path = tmp_path_factory.mktemp("旧 浏览器") / "地图.html"
    path.write_text(page_text(gucheng), encoding="utf-8")
    with OldChromium(old_chromium()) as browser:
        browser.open(path)
        yield browser
        assert browser.faults == []


def text(browser: OldChromium, selector: str) -> str:
    return str(browser.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))


@pytest.mark.browser
def test_chromium_78_shows_the_map(old: OldChromium, gucheng: Results) -> None:
    assert " HeadlessChrome/78." in old.evaluate("navigator.userAgent")
    payload = build_payload(gucheng)
    looks = old.evaluate(
        "[...document.querySelectorAll('path[data-block]')].map((path) => path.dataset.look)"
    )
    assert len(looks) == len(gucheng.blocks)
    assert old.evaluate("document.querySelector('#too-old').offsetHeight") == 0

    # streets and water are drawn on a canvas: many colors, not one
    colors = old.evaluate(
        "(() => { const canvas = document.querySelector('canvas');"
        " const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        " return new Set(new Uint32Array(pixels.data.buffer)).size; })()"
    )
    assert colors > 20

    # every service, with its figures
    for number, service in enumerate(payload["services"]):
        old.click(f".service[data-service='{number}']")
        figures = old.evaluate(
            "[...document.querySelectorAll('#headline .number')].map((e) => e.firstChild.data)"
        )
        assert [int(figure.replace(",", "")) for figure in figures] == [
            service["people_left_out"],
            service["people_served"],
            service["blocks_failing"],
        ]


@pytest.mark.browser
def test_chromium_78_keeps_boxes_apart_without_gaps(old: OldChromium) -> None:
    """The swatch of the legend and its word, a service and its count, the buttons of the head."""
    apart = (
        "(selector) => { const [a, b] = [...document.querySelectorAll(selector)]"
        ".map((e) => e.getBoundingClientRect()); return b.left - a.right; }"
    )
    for selector, gap in {
        "#legend li:first-child > *": 10,
        ".figures > *": 28,
        "#limit > *": 6,
    }.items():
        assert old.evaluate(f"({apart})({json.dumps(selector)})") == pytest.approx(gap, abs=0.5)


@pytest.mark.browser
def test_chromium_78_keeps_the_matrix_below_half_of_the_window(old: OldChromium) -> None:
    """A size that it cannot reckon would be none, and the table as high as its rows."""
    old.click("#drawer-toggle")
    shown = "document.querySelector('#drawer-body').getBoundingClientRect().height"
    assert old.evaluate(shown) == pytest.approx(0.46 * 900, abs=1)
    old.click("#drawer-toggle")


@pytest.mark.browser
def test_chromium_78_explains_a_block(old: OldChromium, gucheng: Results) -> None:
    old.click(".service[data-service='0']")
    worst = build_payload(gucheng)["services"][0]["worst"][0]
    old.click(".worst button")
    assert text(old, "#answers h2") == gucheng.blocks[worst].name
    assert text(old, "#answers .verdict .reason")
    old.click("#answers .back")


@pytest.mark.browser
def test_chromium_78_tries_what_a_run_finds(
    old: OldChromium, gucheng: Results, tmp_path: Path
) -> None:
    """Three stations are placed, services switched; the saved scenario, run by Python, has the same figures."""
    old.evaluate("document.querySelector('.whole').click()")
    old.click("#whatif-open")
    old.wait("document.querySelector('#whatif [data-act=add]')")
    for across, down in ((0.3, 0.3), (0.55, 0.62), (0.7, 0.5)):
        old.click("#whatif [data-act=add]")
        x, y, width, height = old.evaluate(
            "(() => { const b = document.querySelector('.folium-map').getBoundingClientRect();"
            " return [b.left, b.top, b.width, b.height]; })()"
        )
        old.press(x + width * across, y + height * down)
        old.evaluate("document.querySelector(\".editor input[data-service='5']\").click()")

    # what would be saved is read before it is; a headless browser keeps no files
    old.evaluate(
        "(() => { URL.createObjectURL = (blob) => { window.saved = blob.text(); return '#'; };"
        " HTMLAnchorElement.prototype.click = () => {};"
        " document.querySelector('[data-act=save]').click(); })()"
    )
    file = tmp_path / "scenario.toml"
    file.write_text(old.evaluate("window.saved"), encoding="utf-8")
    after = Study(gucheng.inputs).with_scenario(file).run().results
    assert len(after.inputs.scenario.added) == 3
    told = old.evaluate(
        "[...document.querySelectorAll('.balance-sheet tbody tr:not(.kinds)')]"
        ".map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText))"
    )
    assert told == printed(gucheng, after)
    assert any(row[0] != "–" for row in told)

"""A browser with the network off, in which any request, console error or page error fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from maps.fetched import FOLDER
from walkshed.maps.page import page_text
from walkshed.model.results import Results

CHROMIUM = Path("/usr/bin/chromium")

DATA = Path(__file__).parents[2] / "data"

Opener = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium where it is installed, else Playwright's own."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        own = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
        browser = engine.chromium.launch(
            args=["--no-sandbox", "--disable-background-networking"], **own
        )
        yield browser
        browser.close()


def fetched(name: str) -> Path:
    """Return a file that ``make test`` fetches through npm; without it the test skips, but where CI runs it."""
    path = FOLDER / name
    if not path.exists():
        missing = f"{path} is missing: python tests/maps/fetched.py, which wants npm and node"
        if os.environ.get("WALKSHED_CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return path


def old_chromium() -> Path:
    """Return the program of a real Chromium 78."""
    return fetched("chromium-78")


@pytest.fixture(scope="session")
def saved_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that saves the page of some results, once for each set of options that compares by value."""
    folder = tmp_path_factory.mktemp("地图 pages")
    # the results are kept, so that their id stays theirs
    saved: dict[tuple[int, str], tuple[Results, Path]] = {}

    def save(results: Results, **asked: Any) -> Path:
        key = (id(results), repr(sorted(asked.items())))
        if key in saved and "proposed" not in asked:
            return saved[key][1]
        path = folder / f"page {len(saved)}.html"
        path.write_text(page_text(results, **asked), encoding="utf-8")
        saved[key] = (results, path)
        return path

    return save


@pytest.fixture
def open_page(chromium: Any, saved_page: Callable[..., Path]) -> Iterator[Opener]:
    """Return a function that opens the page of some results offline."""
    faults: list[str] = []
    contexts = []

    def watch(page: Any) -> None:
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on(
            "console",
            lambda said: (
                faults.append(f"console: {said.text}")
                if said.type in {"error", "warning"}
                else None
            ),
        )
        page.on(
            "dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss())
        )
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith("file:") else faults.append(f"request: {asked.url}")
            ),
        )

    def opener(
        results: Results,
        *,
        width: int = 1440,
        height: int = 900,
        address: str = "",
        touch: bool = False,
        **asked: Any,
    ) -> Any:
        path = saved_page(results, **asked)
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
            has_touch=touch,
            is_mobile=touch,
        )
        contexts.append(context)
        context.set_offline(True)
        page = context.new_page()
        watch(page)
        page.goto(path.as_uri() + address)
        page.wait_for_selector("html[data-ready=yes]", timeout=10_000)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert faults == []

"""A browser with the network off, in which any request, console error or page error fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from walkshed.maps.page import build_map
from walkshed.model.results import Results
from walkshed.study import read_study

CHROMIUM = Path("/usr/bin/chromium")

DATA = Path(__file__).parents[2] / "data"

Opener = Callable[..., Any]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium where it is installed, else Playwright's own."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        own = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
        browser = engine.chromium.launch(args=["--no-sandbox", "--disable-background-networking"], **own)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def window() -> Results:
    """The invented town door to window: minutes, radius, places, floors, hours, scope, crews and four walkers."""
    return read_study(DATA / "gucheng" / "window.toml").run().results


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Opener]:
    """Return a function that saves the map of some results and opens it offline."""
    faults: list[str] = []
    contexts = []

    def watch(page: Any) -> None:
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on(
            "console",
            lambda said: faults.append(f"console: {said.text}") if said.type in {"error", "warning"} else None,
        )
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request", lambda asked: None if asked.url.startswith("file:") else faults.append(f"request: {asked.url}")
        )

    def opener(results: Results, *, width: int = 1440, height: int = 900, address: str = "", **asked: Any) -> Any:
        path = tmp_path / "地图 page.html"
        build_map(results, **asked).save(str(path))
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
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

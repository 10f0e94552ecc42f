"""The page in a current Firefox, where one is installed: no request, no error, and the what-if opens."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from walkshed.maps.page import page_text
from walkshed.model.results import Results

PATIENCE_S = 60.0
WHATIF = "document.querySelector('#whatif [data-act=add]')"


class Firefox:
    """One page, spoken to by WebDriver BiDi, which Firefox serves itself."""

    def __init__(self, address: str) -> None:
        self._socket: ClientConnection = connect(
            address, max_size=None, compression=None, ping_interval=None
        )
        self._last = 0
        self.events: list[dict[str, Any]] = []
        self.send("session.new", capabilities={})
        self.send("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.page = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def close(self) -> None:
        """Let go of the browser."""
        self._socket.close()

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return what Firefox answers; what it tells meanwhile is kept."""
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=PATIENCE_S))
            if message.get("id") == self._last:
                assert message["type"] == "success", message
                return dict(message["result"])
            self.events.append(message)

    def evaluate(self, expression: str) -> Any:
        """Return the plain value of an expression."""
        target = {"context": self.page}
        answer = self.send(
            "script.evaluate", expression=expression, target=target, awaitPromise=True
        )
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Return once a condition holds."""
        until = time.monotonic() + PATIENCE_S
        while not self.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < until, condition
            time.sleep(0.1)


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox is installed")
    profile = tmp_path / "profile"
    profile.mkdir()
    (profile / "user.js").write_text('user_pref("network.dns.disabled", true);\n')
    options = ["--headless", "--no-remote", "--profile", str(profile)]
    process = subprocess.Popen(
        [program, *options, "--remote-debugging-port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    opened = None
    try:
        opened = Firefox(address(profile))
        yield opened
    finally:
        if opened is not None:
            opened.close()
        process.kill()
        process.wait()


def address(profile: Path) -> str:
    """Return where a starting Firefox listens, which it writes into its profile."""
    file = profile / "WebDriverBiDiServer.json"
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        told = file.read_text(encoding="utf-8") if file.exists() else ""
        if told.rstrip().endswith("}"):
            server = json.loads(told)
            return f"ws://{server['ws_host']}:{server['ws_port']}/session"
        time.sleep(0.1)
    raise TimeoutError("Firefox did not start")


@pytest.mark.browser
def test_firefox_shows_the_map_and_tries(
    firefox: Firefox, gucheng: Results, tmp_path: Path
) -> None:
    path = tmp_path / "地图.html"
    path.write_text(page_text(gucheng), encoding="utf-8")
    firefox.send(
        "browsingContext.navigate", context=firefox.page, url=path.as_uri(), wait="complete"
    )
    firefox.wait("document.querySelector('html[data-ready=yes]')")
    assert firefox.evaluate("document.querySelectorAll('path[data-block]').length") == len(
        gucheng.blocks
    )
    firefox.evaluate("document.querySelector('#whatif-open').click()")
    firefox.wait(WHATIF)

    # nothing but files and what the page holds itself, and no error
    asked = [
        event["params"]["request"]["url"]
        for event in firefox.events
        if event["method"] == "network.beforeRequestSent"
    ]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    said = [event["params"] for event in firefox.events if event["method"] == "log.entryAdded"]
    assert [entry["text"] for entry in said if entry["level"] in {"error", "warn"}] == []

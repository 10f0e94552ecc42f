"""A Chromium older than Playwright speaks to, driven by its own DevTools protocol, with the network off."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)
PATIENCE_S = 10.0


class OldChromium:
    """A page in an old Chromium: a context manager that ends the browser and drops its profile.

    ``faults`` holds what must not be: errors, warnings, and requests other than for files.
    """

    def __init__(self, program: Path, *, width: int = 1440, height: int = 900) -> None:
        self.faults: list[str] = []
        self._profile = Path(tempfile.mkdtemp(prefix="old chromium "))
        self._process = subprocess.Popen(
            [
                str(program),
                *FLAGS,
                f"--window-size={width},{height}",
                f"--user-data-dir={self._profile}",
            ],
            stderr=subprocess.DEVNULL,
        )
        self._socket: ClientConnection | None = None
        self._last = 0

    def __enter__(self) -> Self:
        self._socket = connect(self._address(), max_size=None, compression=None, ping_interval=None)
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        nothing = {"latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
        self.send("Network.emulateNetworkConditions", offline=True, **nothing)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            self._socket.close()
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)

    def _address(self) -> str:
        """Return the address of the first page, once the browser listens."""
        told = self._profile / "DevToolsActivePort"
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self._process.poll() is None:
            port = told.read_text().partition("\n")[0] if told.exists() else ""
            if port:
                with urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = json.load(answer)
                if pages:
                    return str(pages[0]["webSocketDebuggerUrl"])
            time.sleep(0.05)
        raise TimeoutError("the old Chromium did not start")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Return what the browser answers to a command; what it tells meanwhile is watched."""
        assert self._socket is not None
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=PATIENCE_S))
            if message.get("id") == self._last:
                assert "error" not in message, (method, message["error"])
                return dict(message["result"])
            self._watch(message.get("method", ""), message.get("params", {}))

    def _watch(self, event: str, said: dict[str, Any]) -> None:
        if event == "Runtime.exceptionThrown":
            details = said["exceptionDetails"]
            thrown = details.get("exception", {}).get("description", details["text"])
            self.faults.append(f"page error: {thrown}")
        elif event == "Log.entryAdded" and said["entry"]["level"] in {"error", "warning"}:
            self.faults.append(f"log: {said['entry']['text']}")
        elif event == "Runtime.consoleAPICalled" and said["type"] in {"error", "warning"}:
            self.faults.append(f"console: {said['args']}")
        elif event == "Network.requestWillBeSent":
            address = said["request"]["url"]
            if not address.startswith(("file:", "data:")):
                self.faults.append(f"request: {address}")

    def open(self, path: Path, address: str = "") -> None:
        """Open a file and wait until its page stands."""
        self.send("Page.navigate", url=path.as_uri() + address)
        self.wait("document.querySelector('html[data-ready=yes]')")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript, awaited; what it throws fails the test."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, condition: str) -> None:
        """Return once a condition holds."""
        until = time.monotonic() + PATIENCE_S
        while not self.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < until, (condition, self.faults)
            time.sleep(0.05)

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of an element."""
        found = json.dumps(selector)
        x, y = self.evaluate(
            f"(() => {{ const b = document.querySelector({found}).getBoundingClientRect();"
            " return [b.left + b.width / 2, b.top + b.height / 2]; })()"
        )
        self.press(x, y)

    def press(self, x: float, y: float) -> None:
        """Press the mouse at a pixel of the window."""
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def picture(self) -> bytes:
        """Return what the window shows, as PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

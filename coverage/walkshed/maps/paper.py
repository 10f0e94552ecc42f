"""The page on paper and as a picture: printed by a Chromium, Edge or Chrome that is installed, without a window."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from walkshed.errors import NotFoundError, OutputError
from walkshed.model.messages import Message

#: The environment variable that names the browser's program, where it is not found by itself.
BROWSER = "WALKSHED_BROWSER"
#: Names on the PATH, in the order in which they are tried.
_PROGRAMS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
#: Places under the folders of programs, on Windows.
_WINDOWS = (
    ("Microsoft", "Edge", "Application", "msedge.exe"),
    ("Google", "Chrome", "Application", "chrome.exe"),
    ("Chromium", "Application", "chrome.exe"),
)
_WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_MAC = tuple(
    f"/Applications/{name}.app/Contents/MacOS/{name}"
    for name in ("Google Chrome", "Microsoft Edge", "Chromium")
)
#: A picture of 1920 × 1080: a page of 1440 × 810, so that words are large enough for a slide.
_PICTURE = (
    "--window-size=1440,810",
    f"--force-device-scale-factor={4 / 3:.7f}",
    "--hide-scrollbars",
)
_TIMEOUT_S = 120
#: When a PDF was made differs from run to run; the same results give the same bytes.
_MADE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[^)]*\)")

Which = Callable[[str], str | None]


def find_browser(
    environment: Mapping[str, str] | None = None, *, which: Which = shutil.which
) -> Path:
    """Return the program of an installed browser that can print without a window.

    ``WALKSHED_BROWSER`` goes first, then the PATH, then the usual places on Windows and macOS.
    Raises NotFoundError where there is none.
    """
    environment = os.environ if environment is None else environment
    own = environment.get(BROWSER, "").strip()
    if own:
        found = own if Path(own).is_file() else which(own)
        if found is None:
            raise NotFoundError(
                Message(
                    "{variable} = {own!r} is not a program; set it to that of Chromium, Edge or "
                    "Chrome",
                    variable=BROWSER,
                    own=own,
                )
            )
        return Path(found)

    on_path = (found for found in map(which, _PROGRAMS) if found is not None)
    for place in (*map(Path, on_path), *_usual_places(environment)):
        if place.is_file():
            return place

    raise NotFoundError(
        Message(
            "no Chromium, Edge or Chrome is found, which --pdf and --png need; install one, or "
            "set {variable} to its program, or open index.html in any browser and print it there",
            variable=BROWSER,
        )
    )


def _usual_places(environment: Mapping[str, str]) -> list[Path]:
    """Return where browsers are installed on Windows and macOS."""
    folders = [folder for folder in map(environment.get, _WINDOWS_FOLDERS) if folder]
    windows = [Path(folder, *place) for folder in folders for place in _WINDOWS]
    return [*windows, *map(Path, _MAC)]


def prints(page: str, *, pdf: bool, png: bool, browser: Path | None = None) -> dict[str, bytes]:
    """Return the files of a page by name.

    ``map-a4.pdf`` and ``map-a3.pdf`` with ``pdf``, ``slide.png`` (1920 × 1080) with ``png``.
    Raises NotFoundError without a browser, OutputError when it fails.
    """
    # by file: what the page is asked for, and the browser's options (old and new names)
    wanted: dict[str, tuple[str, tuple[str, ...]]] = {}
    if pdf:
        plain = ("--no-pdf-header-footer", "--print-to-pdf-no-header", "--window-size=1600,1100")
        wanted |= {f"map-{paper}.pdf": (f"paper={paper}", plain) for paper in ("a4", "a3")}
    if png:
        wanted["slide.png"] = ("slide", _PICTURE)
    if not wanted:
        return {}

    program = browser or find_browser()
    # Browsers let go of their profile a moment after they have ended.
    with tempfile.TemporaryDirectory(prefix="walkshed-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / "index.html"
        source.write_text(page, encoding="utf-8")

        made = {}
        for name, (asked, options) in wanted.items():
            target = Path(folder) / name
            kind = "screenshot" if name.endswith(".png") else "print-to-pdf"
            arguments = [*options, f"--{kind}={target}", f"{source.as_uri()}#{asked}"]
            _run(program, arguments, Path(folder), target)
            made[name] = _MADE.sub(rb"/\1 (D:20000101000000+00'00')", target.read_bytes())
    return made


def _run(program: Path, arguments: Sequence[str], folder: Path, target: Path) -> None:
    """Run the browser once; raises OutputError unless it wrote ``target``."""
    own = [
        f"--user-data-dir={folder / 'profile'}",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-gpu",
    ]
    quiet = [
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-sync",
        "--mute-audio",
    ]
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chromium refuses to sandbox root, and starts no other way

    command = [str(program), "--headless", *own, *quiet, *arguments]
    try:
        # The program is the user's own browser; the page is ours.
        ended = subprocess.run(  # noqa: S603
            command, capture_output=True, timeout=_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise OutputError(
            Message(
                "{program} did not print within {timeout_s} s; set {variable} to another browser",
                program=program,
                timeout_s=_TIMEOUT_S,
                variable=BROWSER,
            )
        ) from None
    except OSError as error:
        raise OutputError(
            Message(
                "{program} does not start: {reason}; set {variable} to another browser",
                program=program,
                reason=error.strerror,
                variable=BROWSER,
            )
        ) from error

    if not target.is_file() or target.stat().st_size == 0:
        said = ended.stderr.decode(errors="replace").strip().splitlines()
        last_line = "".join(f": {line}" for line in said[-1:])
        raise OutputError(
            Message(
                "{program} printed nothing (exit {exit_code}{last_line}); set {variable} to "
                "another browser, or print index.html there",
                program=program,
                exit_code=ended.returncode,
                last_line=last_line,
                variable=BROWSER,
            )
        )

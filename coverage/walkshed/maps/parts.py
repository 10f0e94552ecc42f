"""The parts of a page, and the text that they make, with its Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: The name of the map in the page, fixed so that the same results give the same bytes.
MAP = "map_walkshed"
#: Scripts that hold data are no scripts to a browser, and need no hash.
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page is put together from, in the order in which the browser reads it.

    ``center`` is latitude first.
    """

    title: str
    lang: str
    center: tuple[float, float]
    head: tuple[str, ...]
    body: tuple[str, ...]
    script: str
    allow: tuple[Mapping[str, Sequence[str]], ...]  # where the page may fetch from, by directive
    payload: dict[str, Any]  # what the data in the body say


def put_together(parts: Parts) -> str:
    """Return a page as text; its policy runs its own scripts only and forbids requests."""
    head, body = "\n".join(parts.head), "\n".join(parts.body)
    content = (
        f"{head}\n</head>\n<body>\n{body}\n<script>{parts.script}</script>\n</body>\n</html>\n"
    )

    # the policy names the scripts by their hashes: it is made of the finished text
    allowed = policy(content, *parts.allow)
    return (
        f'<!DOCTYPE html>\n<html lang="{html.escape(parts.lang)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(parts.title)}</title>\n{content}"
    )


def policy(content: str, *allowed: Mapping[str, Sequence[str]]) -> str:
    """Return the Content-Security-Policy of a page.

    Its own inline scripts run, known by their hashes; it may request what ``allowed`` maps
    directives to, and nothing else.
    """
    hashes = dict.fromkeys(_hash(script) for script in _SCRIPT.findall(content))
    directives = {
        "script-src": list(hashes),
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
    }
    for addresses in allowed:
        for directive, some in addresses.items():
            directives[directive] += some

    fetched = "; ".join(f"{directive} {' '.join(some)}" for directive, some in directives.items())
    return f"default-src 'none'; {fetched}; base-uri 'none'; form-action 'none'"


def _hash(script: str) -> str:
    """Return the source expression that lets a script run."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"

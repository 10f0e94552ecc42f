"""A folium figure that is one file: everything inline, no network, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from branca.element import Element, Figure

from walkshed.maps.sources import Source

#: Scripts that hold data are no scripts to a browser, and need no hash.
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class Verbatim(Element):
    """Text that goes into the page as it is: branca would read a plain element's text as a template of its own."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: Any) -> str:  # noqa: ANN401 (branca's signature)
        """Return the text."""
        return self.text


class OfflineFigure(Figure):
    """Renders head, body and scripts with a Content-Security-Policy that runs these scripts only and forbids requests.

    ``lang`` is the language of the page (``zh-CN``, ``en``); ``sources`` are the only places it may fetch from (by
    default none). Rendering twice gives the same text: what children write
    into the figure is taken back afterwards.
    """

    def __init__(self, *, title: str, lang: str, sources: Sequence[Source] = ()) -> None:
        super().__init__(title=title)
        self.lang = lang
        self.sources = tuple(sources)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 (branca's signature)
        """Return the whole page."""
        parts = (self.header, self.html, self.script)
        before = [OrderedDict(part._children) for part in parts]  # noqa: SLF001 (branca offers no other way)
        try:
            for child in self._children.values():
                child.render(**kwargs)
            head, body, script = ("\n".join(c.render(**kwargs) for c in part._children.values()) for part in parts)  # noqa: SLF001
        finally:
            for part, children in zip(parts, before, strict=True):
                part._children = children  # noqa: SLF001
        content = f"{head}\n</head>\n<body>\n{body}\n<script>{script}</script>\n</body>\n</html>\n"
        allowed = policy(content, *(source.allow for source in self.sources))
        return (
            f'<!DOCTYPE html>\n<html lang="{html.escape(self.lang)}">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{html.escape(self.title or '')}</title>\n{content}"
        )


def policy(content: str, *allowed: Mapping[str, Sequence[str]]) -> str:
    """Return the Content-Security-Policy of a page: its own inline scripts by hash, no request but to what is allowed.

    ``allowed`` maps directives to addresses.
    """
    hashes = " ".join(
        dict.fromkeys(
            f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
            for script in _SCRIPT.findall(content)
        )
    )
    directives = {"script-src": [hashes], "style-src": ["'unsafe-inline'"], "img-src": ["data:"]}
    for addresses in allowed:
        for directive, some in addresses.items():
            directives[directive] += some
    fetched = "; ".join(f"{directive} {' '.join(values)}" for directive, values in directives.items())
    return f"default-src 'none'; {fetched}; base-uri 'none'; form-action 'none'"

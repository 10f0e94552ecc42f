"""The page as a folium map, to which folium's layers may be added like to any other."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

import folium
from branca.element import Element, Figure

from walkshed.maps.parts import MAP, Parts, put_together


class Verbatim(Element):
    """Text that goes into the page as it is.

    Branca would read a plain element's text as a template of its own.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: Any) -> str:  # noqa: ANN401 (branca's signature)
        """Return the text."""
        return self.text


class WalkshedMap(folium.Map):
    """A folium map inside walkshed's page.

    Folium's scripts from content networks (Leaflet, jQuery, Bootstrap, icons) are left out: Leaflet
    is inlined, the others are not used. The element's id is fixed, so that the same results give
    the same bytes.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(location=parts.center, tiles=None, zoom_start=14, zoom_control=False)
        self._id = MAP.removeprefix("map_")
        self.default_js = []
        self.default_css = []
        self.parts = parts
        self.payload = parts.payload
        OfflineFigure(parts).add_child(self)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 (branca's signature)
        """Write the page's parts into the figure, then the layers that were added.

        Returns nothing of its own, like all of folium's elements.
        """
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise TypeError(
                f"the map renders inside a figure, not inside {type(figure).__name__}; "
                "add it to a Figure"
            )

        # the page's own parts first, by names of their own
        for part, texts in (
            (figure.header, self.parts.head),
            (figure.html, self.parts.body),
            (figure.script, (self.parts.script,)),
        ):
            for number, text in enumerate(texts):
                part.add_child(Verbatim(text), name=f"walkshed_{number}")

        for child in self._children.values():
            child.render(**kwargs)
        return ""


class OfflineFigure(Figure):
    """Renders head, body and scripts as ``put_together`` does.

    Rendering twice gives the same text: what children write into the figure is taken back
    afterwards.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(title=parts.title)
        self.parts = parts
        del self.header._children["meta_http"]  # noqa: SLF001 (the page states its encoding itself)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 (branca's signature)
        """Return the whole page."""
        parts = (self.header, self.html, self.script)
        # branca offers no other way to what a part holds than its own attribute
        before = [OrderedDict(part._children) for part in parts]  # noqa: SLF001
        try:
            for child in self._children.values():
                child.render(**kwargs)
            children = [tuple(part._children.values()) for part in parts]  # noqa: SLF001
            head, body, script = (tuple(c.render(**kwargs) for c in each) for each in children)
        finally:
            for part, kept in zip(parts, before, strict=True):
                part._children = kept  # noqa: SLF001

        return put_together(replace(self.parts, head=head, body=body, script="\n".join(script)))

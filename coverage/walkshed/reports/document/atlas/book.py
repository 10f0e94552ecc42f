"""The whole atlas: the content of ``atlas.pdf``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from walkshed.errors import NotFoundError
from walkshed.model.messages import Message
from walkshed.reports.document.atlas.layout import Sheet, sheets_of
from walkshed.reports.document.atlas.pages import communities
from walkshed.reports.document.atlas.paper import atlas_pdf
from walkshed.reports.document.drawings import can_letter
from walkshed.reports.document.shown import looks_of_blocks
from walkshed.reports.registry import FACTS
from walkshed.reports.workbook.reported import reported

if TYPE_CHECKING:
    from walkshed.model.results import Results


def atlas_bytes(results: Results) -> bytes:
    """Return the atlas of a run as PDF; of the same results and fonts the same bytes.

    Raises NotFoundError where this machine has no face for its letters: boxes in their place tell
    nothing.
    """
    told = reported(results)
    sheets = sheets_of(communities(told), told.language)
    if not can_letter([sheet.title for sheet in sheets]):
        raise NotFoundError(
            Message(
                "atlas.pdf is lettered in Chinese, and this machine has no font with Chinese "
                "characters; install one (Noto Sans CJK, or any of Windows or macOS)"
            )
        )
    looks = looks_of_blocks(told)
    subject = f"{FACTS}{_digest(results, sheets, looks)}"
    return atlas_pdf(results, sheets, looks, subject=subject)


def _digest(results: Results, sheets: Sequence[Sheet], looks: Sequence[str]) -> str:
    """Return the digest of texts, colors and places: the latter to a hundredth of a microdegree."""
    digest = hashlib.sha256(repr((sheets, looks)).encode("utf-8"))
    shapes = [block.geometry for block in results.blocks]
    shapes += [station.geometry for station in results.stations]
    for shape in shapes:
        bounds = (f"{degrees:.8f}" for degrees in shape.bounds)
        digest.update(" ".join(bounds).encode("ascii"))
    return digest.hexdigest()

"""Blocks by community and subdistrict, for the page's list: whole counts and people that the tables print."""

from __future__ import annotations

from typing import Any

from walkshed.model.results import View
from walkshed.needs.measures.totals import Totals, totals_by_service


def areas(view: View, *, public: bool = False) -> list[dict[str, Any]]:
    """Return one entry per community that a block names (else its subdistrict), last those whose blocks name none.

    Empty where no block names an area. ``unnamed`` marks the latter, where other blocks do name a
    community. ``services`` holds, per service, blocks failing, served and unknown, and the people
    left out of those that are judged (None in a public page).
    """
    members: dict[tuple[str, str], list[int]] = {}
    for index, block in enumerate(view.blocks):
        members.setdefault((block.subdistrict, block.community), []).append(index)
    if set(members) <= {("", "")}:
        return []
    with_communities = any(community for _, community in members)
    unnamed = {area for area in members if not area[1] and (with_communities or not area[0])}
    named = sorted(members, key=lambda area: (area == ("", ""), area in unnamed, area))
    return [
        {
            "name": " · ".join(part for part in area if part),
            "unnamed": area in unnamed,
            "blocks": sorted(members[area], key=lambda block: (view.blocks[block].name, block)),
            "services": [
                _told(found, public=public)
                for found in totals_by_service(view.judgments, members[area])
            ],
        }
        for area in named
    ]


def _told(found: Totals, *, public: bool) -> dict[str, int | str | None]:
    return {
        "failing": found.blocks_out,
        "check": found.blocks_in_doubt,
        "served": found.blocks_served,
        "unknown": found.blocks_unknown,
        "unjudged": found.unjudged,
        "left_out": None if public else found.people_out,
    }

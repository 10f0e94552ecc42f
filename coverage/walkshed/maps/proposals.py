"""Proposed stations as the page shows them: where, what, why, and the state of every block once they stand."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import shapely

from walkshed.maps.drawing import drawn_point
from walkshed.maps.payload import STATES, state_of
from walkshed.model.proposals import SitePlan
from walkshed.model.results import Language, Results
from walkshed.siting.wording import explanation, not_fixed, place_text, proof_text

LANGUAGES: tuple[Language, ...] = get_args(Language)


def proposals(results: Results, plan: SitePlan, after: Results) -> dict[str, Any]:
    """Return the proposals by rank, in both languages, and the states of all judgments after them."""
    plane = results.network.plane
    places = plane.geometry_to_xy(np.array([row.station.geometry for row in plan.proposals], dtype=object))
    middles = shapely.get_coordinates(shapely.point_on_surface(places)) if len(places) else np.zeros((0, 2))
    number = {service.id: index for index, service in enumerate(results.inputs.services)}
    return {
        "rows": [
            {
                "rank": row.rank,
                "at": drawn_point(plane, middles[index]),
                "extends": row.extends,
                "services": [number[service] for service in row.services],
                "place": {language: place_text(row, language) for language in LANGUAGES},
                "why": {language: explanation(results, plan, row, language) for language in LANGUAGES},
                "left": {language: not_fixed(after, plan, row, language) for language in LANGUAGES},
            }
            for index, row in enumerate(plan.proposals)
        ],
        "proof": {language: proof_text(plan, language, timed=False) for language in LANGUAGES},
        "after": "".join(str(STATES.index(state_of(row))) for row in after.coverage.rows),
    }

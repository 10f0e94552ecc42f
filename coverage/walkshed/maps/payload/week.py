"""When blocks are served in the week of the moment asked for, for the page: runs of half hours."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.maps.packing import pack_integers
from walkshed.model.results import View


def week(view: View) -> dict[str, Any] | None:
    """Return ``{"at", "days", "strips", "of", "hours"}`` for the walker judged.

    None where no moment is asked for. ``strips`` pack the lengths of stretches in half hours from
    Monday 0:00, the first of them not served; ``of`` and ``hours`` (per week) go by block, then
    service.
    """
    found = view.answer.week
    if found is None:
        return None

    # blocks share few strips of hours: each strip once, as the lengths of its runs
    rows = found.strip.reshape(-1, found.strip.shape[-1])
    distinct, of = np.unique(rows, axis=0, return_inverse=True)
    strips = []
    for row in distinct:
        changes = np.flatnonzero(np.diff(row.astype(np.int64), prepend=0))
        runs = np.diff(np.concatenate([[0], changes, [len(row)]]))
        strips.append(pack_integers(runs, np.array([0, len(runs)]))[0])

    return {
        "at": view.inputs.settings.at,
        "days": [list(day) for day in found.days],
        "strips": strips,
        "of": of.ravel().tolist(),
        "hours": np.round(found.hours.reshape(-1), 1).tolist(),
    }

"""People where a census or a grid puts them, before blocks take them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from walkshed.model.arrays import FloatArray, ObjectArray


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """n points or cells with people; ``geometry`` in WGS84 degrees.

    ``points`` are counted people where they live; ``grid`` cells say how many live somewhere
    within.
    """

    form: Literal["points", "grid"]
    source: str  # the file, as it is told to people
    ids: tuple[str, ...]
    names: tuple[str, ...]
    people: FloatArray  # (n,)
    geometry: ObjectArray  # (n,) points, or polygons

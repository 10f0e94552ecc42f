"""What a standard's file may hold: ``[[needs]]`` and ``[community]``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from walkshed.inputs.study.sections import NameText
from walkshed.inputs.study.toml_text import Section

SourceText = Annotated[str, Field(min_length=1, max_length=1000)]


class NeedRow(Section):
    """``[[needs]]``: one row of a standard; ``walk_m``: the walk that a limit in minutes stands for."""

    kind: NameText = "*"
    service: NameText | None = None
    standard_item: NameText | None = None
    limit: Annotated[float, Field(gt=0, le=100_000)]
    unit: Literal["m", "min", "km", "ft", "yd", "mi"] = "m"
    walk_m: Annotated[float, Field(gt=0, le=100_000)] | None = None
    metric: Literal["network", "radius"] = "network"
    clause: Annotated[str, Field(min_length=1, max_length=1000)] = "—"
    source: SourceText | None = None
    source_zh: SourceText | None = None
    source_en: SourceText | None = None
    basis: NameText | None = None
    verified: bool = False
    unverified_zh: SourceText | None = None
    unverified_en: SourceText | None = None
    min_area_m2: Annotated[float, Field(gt=0, le=1e6)] | None = None
    places_per_1000: Annotated[float, Field(gt=0, le=1e6)] | None = None
    weight: Annotated[float, Field(ge=0, le=1000)] = 1.0


class CommunitySection(Section):
    """``[community]``: what a standard asks of a community as a whole."""

    area_m2_per_100_households: Annotated[float, Field(gt=0, le=100_000)]
    clause: Annotated[str, Field(min_length=1, max_length=1000)] = "—"
    source_zh: SourceText
    source_en: SourceText
    basis: NameText | None = None
    verified: bool = False
    unverified_zh: SourceText | None = None
    unverified_en: SourceText | None = None

"""The tables of a scenario file, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from walkshed.inputs.study.sections import Format, NameText
from walkshed.inputs.study.toml_text import Section
from walkshed.model.formats import SCENARIO_FORMAT

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Floor = Annotated[int, Field(ge=-20, le=200)]
HoursText = Annotated[str, Field(max_length=2000)]


class ScenarioSection(Section):
    """``[scenario]``."""

    format: Format = SCENARIO_FORMAT
    name: NameText
    study: str = ""
    note: Annotated[str, Field(max_length=2000)] = ""


class AddRow(Section):
    """``[[add]]``: a new station."""

    id: NameText | None = None
    name: NameText
    tier: Literal["hub", "center", "micro", "compound"] = "micro"
    lon: Longitude
    lat: Latitude
    services: Annotated[list[str], Field(min_length=1)]
    floor: Floor | None = None
    elevator: bool | None = None
    step_free: bool | None = None
    hours: HoursText = ""


class MoveRow(Section):
    """``[[move]]``: a station elsewhere."""

    station: NameText
    lon: Longitude
    lat: Latitude


class CloseRow(Section):
    """``[[close]]``: a station that is no more."""

    station: NameText


class OffersRow(Section):
    """``[[offers]]``: services that a station begins or ceases to offer."""

    station: NameText
    add: list[str] = []  # noqa: RUF012 (pydantic copies defaults)
    remove: list[str] = []  # noqa: RUF012


class PremisesRow(Section):
    """``[[premises]]``: floor, elevator, entrance or hours of a station."""

    station: NameText
    floor: Floor | None = None
    elevator: bool | None = None
    step_free: bool | None = None
    hours: HoursText | None = None


class GateRow(Section):
    """``[[open_gate]]``: one more exit of a block."""

    block: NameText
    lon: Longitude
    lat: Latitude


#: The arrays of tables that a scenario may hold.
TABLES: Mapping[str, type[Section]] = {
    "add": AddRow,
    "move": MoveRow,
    "close": CloseRow,
    "offers": OffersRow,
    "premises": PremisesRow,
    "open_gate": GateRow,
}

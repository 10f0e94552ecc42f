"""What is proposed for a study, as the page shows it: its marks, and what a run finds with them.

A :class:`Comparison` is anything with a before and an after: stations to open, services to add,
centers to bring down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely

from walkshed.maps.packing import drawn_point, pack_column, unpack_integers
from walkshed.maps.payload.whole import views
from walkshed.model.labels import Label, Language
from walkshed.model.plans.proposals import SitePlan
from walkshed.model.results import Results
from walkshed.model.town.places import Station
from walkshed.words.effects import doubt_lines, effect_lines, rule_lines
from walkshed.words.proposals import (
    budget_lines,
    explanation,
    not_fixed,
    place_text,
    proof_text,
)

#: What is done at a mark: a station opened, services added to one, one moved, given an elevator, or
#: merged.
Act = Literal["new", "extend", "move", "elevator", "merge"]
Texts = Mapping[Language, str]
#: What the actions of a plan are on the page, and their titles.
ACTS: Mapping[str, Act] = {
    "new_station": "new",
    "add_services": "extend",
    "room": "move",
    "elevator": "elevator",
    "merge": "merge",
}
#: Acts by which a station leaves the place where it stands today.
MOVING: frozenset[Act] = frozenset({"move", "merge"})
TITLES: Mapping[str, Label] = {
    "new_station": Label("建议选址{n}：新设站点", "Proposal {n}: a new station"),
    "add_services": Label("建议{n}：现有站点增设服务", "Proposal {n}: services added to a station"),
    "room": Label("建议{n}：中心迁址", "Proposal {n}: a center moves"),
    "elevator": Label("建议{n}：加装电梯", "Proposal {n}: an elevator"),
    "merge": Label("建议{n}：中心并入邻近站点", "Proposal {n}: a center merges into a neighbor"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing that is proposed, and where (degrees).

    ``comes_from`` is where a station that moves stands today. ``why`` tells what is done and what
    it brings, ``left`` what it does not mend (may be empty).
    """

    rank: int
    act: Act
    at: shapely.Geometry
    title: Mapping[Language, str]
    place: Texts
    why: Texts
    left: Texts = field(default_factory=dict)
    services: tuple[str, ...] = ()
    comes_from: shapely.Geometry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is proposed: marks by rank, what a run finds after all of it, and what is told of it, line by line."""

    after: Results
    marks: tuple[Mark, ...]
    told: Mapping[Language, Sequence[str]]


def of_plan(results: Results, plan: SitePlan, after: Results) -> Comparison:
    """Return a plan of siting: stations to open, services to add, centers to bring down."""
    standing = {station.id: station.geometry for station in results.stations}
    languages = results.inputs.settings.languages

    marks = []
    for row in plan.proposals:
        act, title = ACTS[row.action], TITLES[row.action]
        mark = Mark(
            rank=row.rank,
            act=act,
            at=row.station.geometry,
            title={language: title.said(language, n=row.rank) for language in languages},
            comes_from=standing[row.station.id] if act in MOVING else None,
            place={language: place_text(row, language) for language in languages},
            why={language: explanation(results, plan, row, language) for language in languages},
            left={language: not_fixed(after, plan, row, language) for language in languages},
            services=row.services,
        )
        marks.append(mark)

    # how good the plan is, who gains and who loses, what that nobody loses costs, and what money is left
    told = {
        language: (
            proof_text(plan, language, timed=False),
            *effect_lines(results, after, language),
            *doubt_lines(results, after, plan, language),
            *rule_lines(results, plan, language),
            *budget_lines(results, plan, language),
        )
        for language in languages
    }
    return Comparison(after=after, marks=tuple(marks), told=told)


def proposals(results: Results, compared: Comparison) -> dict[str, Any]:
    """Return the marks by rank, in all languages of the page, and per walker what the page shows of ``after``.

    Judgments name stations by their number in ``results``; ``stations`` are those that stand only
    after, numbered on from there. ``offers`` are the services after of each of today's stations
    that then offers others; none where it is no more.
    """
    after = compared.after
    if [block.id for block in after.blocks] != [block.id for block in results.blocks]:
        raise ValueError("a comparison is of the same blocks, before and after")

    # stations of both results, counted in one row: today's, then the new ones
    number = {station.id: index for index, station in enumerate(results.stations)}
    fresh = [station for station in after.stations if station.id not in number]
    number |= {station.id: len(results.stations) + index for index, station in enumerate(fresh)}
    renumbered = [number[station.id] for station in after.stations]

    services = {service.id: index for index, service in enumerate(results.inputs.services)}
    return {
        "rows": [_row(results, mark, services) for mark in compared.marks],
        "told": {language: list(lines) for language, lines in compared.told.items()},
        "after": [_renumbered(view, renumbered) for view in views(after)],
        "stations": [_station(station) for station in fresh],
        "offers": _offers(results, after, services),
    }


def _offers(results: Results, after: Results, services: Mapping[str, int]) -> dict[str, list[int]]:
    """Return what today's stations offer after, by their number, where it is not what they offer today."""
    then = {station.id: set(station.services) for station in after.stations}
    return {
        str(number): sorted(
            services[each] for each in then.get(station.id, set()) if each in services
        )
        for number, station in enumerate(results.stations)
        if then.get(station.id, set()) != set(station.services)
    }


def _row(results: Results, mark: Mark, services: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page shows of a mark; ``services`` are the numbers of services by id."""

    def drawn(place: shapely.Geometry) -> list[float]:
        plane = results.network.plane
        (on_plane,) = plane.geometry_to_xy(np.array([place], dtype=object))
        return drawn_point(plane, shapely.get_coordinates(shapely.point_on_surface(on_plane))[0])

    return {
        "rank": mark.rank,
        "act": mark.act,
        "at": drawn(mark.at),
        "from": None if mark.comes_from is None else drawn(mark.comes_from),
        "title": dict(mark.title),
        "services": [services[service] for service in mark.services],
        "place": dict(mark.place),
        "why": dict(mark.why),
        "left": {language: mark.left.get(language, "") for language in mark.title},
    }


def _renumbered(view: dict[str, Any], number: list[int]) -> dict[str, Any]:
    """Return the view with its stations counted anew, as in ``number``; -1 stays.

    The service matrix stays that of the stations that stand, and the week with it.
    """
    judgments, walks = view["judgments"], view["walks"]
    numbers = np.array([*number, -1], dtype=np.int64)
    stations = {
        column: pack_column(numbers[unpack_integers(judgments[column])])
        for column in ("nearest", "mend_at", "crew")
    }

    # the matrix and the week are of today only
    kept = {key: part for key, part in view.items() if key not in {"matrix", "week"}}
    return kept | {
        "judgments": judgments | stations,
        "walks": walks | {"station": [number[station] for station in walks["station"]]},
    }


def _station(station: Station) -> dict[str, Any]:
    return {"id": station.id, "name": station.name, "tier": station.tier.value}

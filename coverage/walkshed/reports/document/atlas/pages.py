"""What each page of the atlas tells: a community, its compounds and stations, who is left out, what would help.

Every figure stands in coverage.csv or areas.csv; only the words are made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from walkshed.model.arrays import BoolArray
from walkshed.model.judged.verdicts import REASONS, Verdict
from walkshed.needs.measures.totals import Totals, blocks_left, totals_by_service
from walkshed.reports.workbook.reported import Reported, left_out
from walkshed.words.quantities import NAMES, SENTENCES, joined, meters
from walkshed.words.report.atlas import ATLAS

#: So many measures of a community are told.
_MEASURES = 6
_NO_KNOWLEDGE = (Verdict.NOT_SURVEYED, Verdict.NO_STANDARD)


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound of a community: what it is called, of what kind, its people as text, what it lacks."""

    name: str
    kind: str
    people: str
    lacks: str


@dataclass(frozen=True, slots=True)
class Community:
    """A page: the numbers of its blocks and stations in the results, and all that is told of them."""

    title: str
    members: tuple[int, ...]
    stations: tuple[int, ...]
    figures: tuple[str, ...]  # below the title
    station_lines: tuple[str, ...]  # one for each of ``stations``
    compounds: tuple[Compound, ...]
    measures: tuple[str, ...]
    people: int | None  # None where nobody is counted
    people_out: int | None  # summed over services
    blocks_out: int


def communities(told: Reported) -> tuple[Community, ...]:
    """Return a page for each community, by subdistrict and community; blocks that name none have the last.

    Its blocks come in the order of the people whom they leave out, summed over services.
    """
    members: dict[tuple[str, str], list[int]] = {}
    for number, block in enumerate(told.results.blocks):
        members.setdefault((block.subdistrict, block.community), []).append(number)
    rows = _rows_by_block(told)
    left = [sum(_left_for_sure(row) for row in of_block) for of_block in rows]
    for some in members.values():
        some.sort(key=lambda number: -left[number])
    named = sorted(members, key=lambda place: (place[1] == "", place))
    parts = blocks_left(told.results.main.judgments)
    return tuple(_community(told, place, members[place], rows, parts) for place in named)


def _rows_by_block(told: Reported) -> list[list[dict[str, Any]]]:
    """Return the rows of coverage.csv, block by block, services in their order."""
    every = told.covered(np.ones(len(told.coverage), dtype=np.bool_))
    services = len(told.services)
    return [every[first : first + services] for first in range(0, len(every), services)]


def _left_for_sure(row: dict[str, Any]) -> float:
    """Return the people (or the block, where nobody is counted) that a row leaves out for sure."""
    if row["doubt"] or row["verdict"] in {Verdict.SERVED, *_NO_KNOWLEDGE}:
        return 0.0
    people = left_out(row)
    return 1.0 if people is None else float(people)


def _community(
    told: Reported,
    place: tuple[str, str],
    members: Sequence[int],
    rows: Sequence[Sequence[dict[str, Any]]],
    parts: Sequence[BoolArray],
) -> Community:
    """Return the page of a community; ``parts`` are the blocks of the study as ``blocks_left`` has them."""
    language, judgments = told.language, told.results.main.judgments
    subdistrict, community = place
    title = told.stated(community)
    if subdistrict:
        title = ATLAS["place"].said(language, community=title, subdistrict=subdistrict)

    # who is left out, service by service
    totals = totals_by_service(judgments, members)
    counted = totals[0].counted
    out, check, unknown = (int(part[list(members)].sum()) for part in parts)
    counts = {"out": out, "check": check, "unknown": unknown}
    first = ATLAS["blocks"].said(language, blocks=len(members), **counts)
    if counted:
        first = ATLAS["people"].said(language, people=totals[0].people, told=first)
    figures = (first, _lacking(told, totals))

    stations = [
        number
        for number, station in enumerate(told.results.stations)
        if (station.subdistrict, station.community) == place and community
    ]
    return Community(
        title=title,
        members=tuple(members),
        stations=tuple(stations),
        figures=figures,
        station_lines=tuple(_station_line(told, number) for number in stations),
        compounds=tuple(_compound(told, number, rows[number]) for number in members),
        measures=_measures(told, [row for number in members for row in rows[number]]),
        people=totals[0].people if counted else None,
        people_out=sum(each.people_out for each in totals) if counted else None,
        blocks_out=out,
    )


def _lacking(told: Reported, totals: Sequence[Totals]) -> str:
    """Return whom each service leaves out for sure, most first."""
    language = told.language
    parts = []
    for name, found in zip(told.services.values(), totals, strict=True):
        count = found.people_out if found.counted else found.blocks_out
        key, unit = ("of_service", "people") if found.counted else ("of_service_blocks", "blocks")
        if count:
            parts.append((-count, ATLAS[key].said(language, service=name, **{unit: count})))
    if not parts:
        return ATLAS["nobody_out"].in_(language)
    services = joined([text for _, text in sorted(parts)], NAMES, language)
    return ATLAS["lacking"].said(language, services=services)


def _station_line(told: Reported, number: int) -> str:
    """Return what a station is called and what it offers."""
    station = told.results.stations[number]
    services = [told.services.get(each, each) for each in station.services]
    offered = joined(services, NAMES, told.language)
    return f"{station.name} · {told.tiers[station.tier.value]} · {offered}"


def _compound(told: Reported, number: int, rows: Sequence[dict[str, Any]]) -> Compound:
    """Return a compound with what it lacks for sure, what is to be checked, and what is not surveyed."""
    language = told.language
    block = told.results.blocks[number]
    people = rows[0]["people"]
    doubted, unknown = [], []
    lacking: dict[Verdict, list[dict[str, Any]]] = {}
    for row in rows:
        service, verdict = told.services[row["service"]], Verdict(row["verdict"])
        if verdict is Verdict.SERVED:
            continue
        if verdict in _NO_KNOWLEDGE:
            unknown.append(service)
        elif row["doubt"]:
            doubted.append(service)
        else:
            lacking.setdefault(verdict, []).append(row)

    said = [_unmet(told, verdict, lacking[verdict]) for verdict in REASONS if verdict in lacking]
    for key, some in (("to_check", doubted), ("not_surveyed", unknown)):
        if some:
            said.append(ATLAS[key].said(language, services=joined(some, NAMES, language)))
    return Compound(
        name=block.name,
        kind=told.kind(block.kind),
        people="" if people is None else f"{people:,}",
        lacks=joined(said, SENTENCES, language) if said else ATLAS["all_met"].in_(language),
    )


def _unmet(told: Reported, verdict: Verdict, rows: Sequence[dict[str, Any]]) -> str:
    """Return the services that a block lacks for one reason, and by how much they are too far."""
    language = told.language
    names = joined([told.services[row["service"]] for row in rows], NAMES, language)
    said = {"verdict": told.verdict(verdict.value), "services": names}
    over_m = sorted(row["short_m"] for row in rows if row["short_m"] is not None)
    if verdict is not Verdict.TOO_FAR or not over_m:
        return ATLAS["unmet"].said(language, **said)
    low, high = (meters(each, language) for each in (over_m[0], over_m[-1]))
    over = low if low == high else ATLAS["span"].said(language, low=low, high=high)
    return ATLAS["unmet_by"].said(language, over=over, **said)


def _measures(told: Reported, rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """Return what would mend the verdicts of a community, those first that concern most people."""
    language = told.language
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["cure"]:
            found.setdefault(row["cure"], []).append(row)

    listed = []
    for cure, some in found.items():
        services = list(dict.fromkeys(told.services[row["service"]] for row in some))
        blocks = len({row["block_id"] for row in some})
        facts = {"cure": cure, "services": joined(services, NAMES, language), "blocks": blocks}
        left = [people for row in some if (people := left_out(row)) is not None]
        key = "help_line" if left else "help_blocks"
        more = {"people": sum(left)} if left else {}
        listed.append((-sum(left), ATLAS[key].said(language, **facts, **more)))
    listed.sort()
    lines = [text for _, text in listed[:_MEASURES]]
    if len(listed) > _MEASURES:
        lines.append(ATLAS["left"].said(language, n=len(listed) - _MEASURES))
    return tuple(lines)

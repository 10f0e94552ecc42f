"""The sheets of sums: by service, by community, by kind of block, and what there is of stations and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from walkshed.model.labels import Label
from walkshed.model.town.places import Block, Station, Tier
from walkshed.needs.measures.totals import Totals, blocks_left, totals_by_service
from walkshed.reports.tables.left_out import left_out_frame
from walkshed.reports.workbook import forms
from walkshed.reports.workbook.reported import Grid, Reported, Row, rows_of, share
from walkshed.words.report.lines import not_said, standard_text, worst_text

_ALL = Label("合计", "All")
_OLDER = "older_people"
#: The four parts of all people, as areas.csv and left_out.csv have them.
_FOUR = ("people_served", "people_out", "people_in_doubt", "people_unknown")


def overview(told: Reported) -> tuple[Grid, ...]:
    """Return the sheet of sums: by service in people and in blocks, stations by tier, blocks by kind."""
    totals = totals_by_service(told.results.main.judgments)
    standards = [standard_of(told, number) for number in range(len(told.services))]
    of_people, of_blocks = [], []
    named = zip(told.results.inputs.services, standards, totals, strict=True)
    for service, standard, found in named:
        name = told.services[service.id]
        of_people.append((name, standard, *_people(found)))
        of_blocks.append((name, standard, *_blocks(found)))
    return (
        Grid(forms.BY_SERVICE, of_people),
        Grid(forms.BY_SERVICE_BLOCKS, of_blocks),
        _tiers(told),
        _kinds(told),
    )


def standard_of(told: Reported, service: int) -> str:
    """Return the standard by which a service is judged, in short."""
    judgments = told.results.main.judgments
    used = [number for number in np.unique(judgments.need[:, service]).tolist() if number >= 0]
    needs = [judgments.needs[number] for number in used]
    kinds = {need.kind: told.kind(need.kind) for need in needs}
    return standard_text(told.view, needs, service, kinds)


def _people(found: Totals) -> Row:
    """Return people, in four parts, and the share of those judged who are served; blank where nobody is counted."""
    if not found.counted:
        return (None,) * 6
    parts = (found.people_served, found.people_out, found.people_in_doubt, found.people_unknown)
    return (found.people, *parts, share(found.people_served, found.people, found.people_unknown))


def _blocks(found: Totals) -> Row:
    """Return the same of blocks."""
    parts = (found.blocks_served, found.blocks_out, found.blocks_in_doubt, found.blocks_unknown)
    return (found.blocks, *parts, share(found.blocks_served, found.blocks, found.blocks_unknown))


def _tiers(told: Reported) -> Grid:
    """Return how many stations of each tier there are, their area, floors and elevators, as far as stated."""
    every = (*told.results.stations, *told.results.inputs.unplaced)
    rows = []
    for tier in Tier:
        of_tier = [station for station in every if station.tier is tier]
        if of_tier:
            rows.append((told.tiers[tier.value], *_tier_row(of_tier)))
    rows.append((_ALL.in_(told.language), *_tier_row(every)))

    # of what nobody says, none is counted
    heads = forms.TIERS.heads[2:]
    facts = (
        [station.building_m2 for station in every],
        [station.floor for station in every],
        [station.elevator for station in every],
        [station.running for station in every],
    )
    blanks = [sum(value is None for value in values) for values in facts]
    notes = tuple(
        not_said(head.label, count, told.language)
        for head, count in zip(heads, blanks, strict=True)
        if count
    )
    return Grid(forms.TIERS, rows, notes=notes, sums=1)


def _tier_row(stations: Sequence[Station]) -> Row:
    areas = [station.building_m2 for station in stations if station.building_m2 is not None]
    return (
        len(stations),
        sum(areas) if areas else None,
        _count([None if each.floor is None else each.floor == 1 for each in stations]),
        _count([each.elevator for each in stations]),
        _count([each.running for each in stations]),
    )


def _count(answers: Sequence[bool | None]) -> int | None:
    """Return how often the answer is yes; None where nobody answers."""
    known = [answer for answer in answers if answer is not None]
    return sum(known) if known else None


def _kinds(told: Reported) -> Grid:
    """Return how many blocks of each kind there are, with their households and people."""
    blocks = told.results.blocks
    rows: list[Row] = []
    for kind in sorted({block.kind for block in blocks}):
        of_kind = [number for number, block in enumerate(blocks) if block.kind == kind]
        rows.append((told.kind(kind), *_kind_row(told, of_kind)))
    rows.append((_ALL.in_(told.language), *_kind_row(told, range(len(blocks)))))
    return Grid(forms.KINDS, rows, sums=1)


def _kind_row(told: Reported, members: Sequence[int]) -> Row:
    judgments, blocks = told.results.main.judgments, told.results.blocks
    people = [int(judgments.printed_people[each]) for each in members if judgments.counted[each]]
    return (
        len(members),
        _sum([blocks[each].households for each in members]),
        sum(people) if people else None,
        _sum([_older(blocks[each]) for each in members]),
    )


def _older(block: Block) -> float | None:
    return block.groups.get(_OLDER)


def _sum(values: Sequence[float | None]) -> int | None:
    """Return the sum of whole numbers as they are printed; None where there is none."""
    known = [int(np.floor(value + 0.5)) for value in values if value is not None]
    return sum(known) if known else None


def areas(told: Reported) -> tuple[Grid, ...]:
    """Return what each community and subdistrict lacks, and the study; then the same by service."""
    judgments = told.results.main.judgments
    sure, to_check, unknown = blocks_left(judgments)

    rows, by_service, sums = [], [], 0
    for level, subdistrict, community, members in _areas(told):
        totals = totals_by_service(judgments, members)
        if level == "community":
            names = (told.stated(subdistrict), told.stated(community))
        elif level == "subdistrict":
            names = (told.stated(subdistrict), _ALL.in_(told.language))
        else:
            names = (_ALL.in_(told.language), "")
            sums = 1
        counts = (len(members), int(sure[members].sum()))
        doubt = (int(to_check[members].sum()), _total(totals, "people_in_doubt"))
        unsurveyed = (int(unknown[members].sum()), _total(totals, "people_unknown"))
        served = (
            int((~(sure | to_check | unknown))[members].sum()),
            _total(totals, "people_served"),
        )
        more = (*doubt, *unsurveyed, *served)
        rows.append((*names, *counts, _total(totals, "people_out"), _worst(told, totals), *more))
        by_service.append((*names, *(each.people_out if each.counted else None for each in totals)))

    heads = (
        *forms.AREAS_BY_SERVICE.heads,
        *(replace(forms.OF_SERVICE, label=Label(name, name)) for name in told.services.values()),
    )
    return (
        Grid(forms.AREAS, rows, sums=sums),
        Grid(forms.AREAS_BY_SERVICE, by_service, heads=heads, sums=sums),
    )


def _areas(told: Reported) -> list[tuple[str, str, str, list[int]]]:
    """Return (level, subdistrict, community, blocks): communities, each subdistrict below its own, the study last."""
    members: dict[str, dict[str, list[int]]] = {}
    blocks = told.results.blocks
    for number, block in enumerate(blocks):
        of_subdistrict = members.setdefault(block.subdistrict, {})
        of_subdistrict.setdefault(block.community, []).append(number)

    found = []
    for subdistrict, communities in sorted(members.items()):
        for community, some in sorted(communities.items()):
            found.append(("community", subdistrict, community, some))
        if any(members) and len(communities) > 1:
            every = sorted(number for some in communities.values() for number in some)
            found.append(("subdistrict", subdistrict, "", every))
    return [*found, ("study", "", "", list(range(len(blocks))))]


def _total(totals: Sequence[Totals], field: str) -> int | None:
    """Return people summed over services; None where nobody is counted."""
    if not totals or not totals[0].counted:
        return None
    return sum(int(getattr(each, field)) for each in totals)


def _worst(told: Reported, totals: Sequence[Totals]) -> str:
    """Return the service that most people lack for sure (blocks, where nobody is counted); "" where none is lacked."""
    counts = [each.people_out if each.counted else each.blocks_out for each in totals]
    if not any(counts):
        return ""
    worst = counts.index(max(counts))
    service = told.results.inputs.services[worst].id
    return worst_text(told.services[service], counts[worst], told.language)


def by_kind(told: Reported) -> tuple[Grid, ...]:
    """Return who is served of each kind of block, service by service."""
    rows: list[Row] = []
    for row in rows_of(left_out_frame(told.results)):
        if row["level"] != "kind":
            continue
        people = (row["people"], *(row[part] for part in _FOUR))
        rows.append(
            (
                told.kind(row["name"]),
                told.services[row["service"]],
                *(row["blocks"], row["blocks_out"], row["blocks_in_doubt"]),
                *people,
                share(row["people_served"], row["people"], row["people_unknown"]),
            )
        )
    return (Grid(forms.BY_KIND, rows),)

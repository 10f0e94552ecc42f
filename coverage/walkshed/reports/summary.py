"""The answer of a run in a few lines, for a terminal: what each service misses, in the study's language."""

from __future__ import annotations

from walkshed.model.judged.verdicts import Verdict
from walkshed.model.results import Results, caveats
from walkshed.needs.exits.inside import inside_walks
from walkshed.needs.measures.totals import totals_by_service
from walkshed.reports.tables.areas import headline
from walkshed.reports.tables.visitors import visitors_line
from walkshed.words.answers.summary import (
    IN_DOUBT,
    headline_text,
    nothing_surveyed,
    off_network_lines,
    service_line,
    title,
)
from walkshed.words.messages.saying import said


def summary_lines(results: Results) -> list[str]:
    """Return the headline and one line per service, in the study's language; figures are those of the tables."""
    settings, services = results.inputs.settings, results.inputs.services
    language, numbers = settings.language, headline(results)

    # the study as a whole
    totals = totals_by_service(results.main.judgments)
    unsurveyed = sum(found.blocks_not_surveyed > 0 for found in totals)
    if unsurveyed and not any(service.complete for service in services):
        first = nothing_surveyed(numbers["blocks"], language)
    else:
        first = headline_text(numbers, language, unsurveyed=unsurveyed)
    lines = [title(settings), first]

    # service by service
    lines += [
        service_line(service, found, language)
        for service, found in zip(services, totals, strict=True)
    ]

    if any(found.blocks_in_doubt for found in totals):
        lines.append(IN_DOUBT.in_(language))

    # what stands beside the answer
    apart = visitors_line(results, language)
    if apart:
        lines.append(apart)
    lines += _off_network(results)
    notes = results.network.notes if results.extract is None else ()
    drawn = [said(note, language) for note in notes]
    return [*lines, *(f"· {remark}" for remark in (*caveats(results), *drawn))]


def _off_network(results: Results) -> list[str]:
    """Return a line on stations and one on blocks that no street reaches."""
    reached = results.station_anchors.on_network.copy()
    # in a compound without exits a station serves the people around it all the same
    reached[inside_walks(results.network, results.demand, results.station_anchors).station] = True
    stations = [
        station.name for station, on in zip(results.stations, reached, strict=True) if not on
    ]

    blocks = int(results.main.judgments.has(Verdict.OFF_NETWORK).any(axis=1).sum())
    return off_network_lines(
        stations, blocks, results.inputs.settings, of_stations=len(results.stations)
    )

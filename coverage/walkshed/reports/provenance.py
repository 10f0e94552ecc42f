"""Where every number of a run comes from: the content of ``run.json``."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from walkshed.model.formats import RUN_FORMAT
from walkshed.model.marks import escaped
from walkshed.model.results import Results, Settings, caveats
from walkshed.model.town.country import Country
from walkshed.model.town.scenario import Scenario
from walkshed.model.town.survey import Surveyed
from walkshed.needs.rules.calendars import calendar_of
from walkshed.reports.tables.areas import headline
from walkshed.reports.tables.unverified import unverified_frame
from walkshed.reports.tables.visitors import visitors_headline


def provenance(results: Results, files: Mapping[str, str]) -> dict[str, Any]:
    """Return the provenance of a run as plain values; the same inputs give the same values.

    ``files`` are sha256 digests of the run's other files by name. No wall time and no absolute path
    stands in it: the seconds per stage are in ``timing.json``.
    """
    inputs = results.inputs
    by_walker = {walker: visitors_headline(results, walker) for walker in results.visitors}

    return {
        "format": RUN_FORMAT,
        "walkshed": _version(),
        "versions": _versions(),
        "study": inputs.settings.name,
        "study_file": inputs.file,
        "scenario": _scenario(inputs.scenario),
        "survey": _survey(inputs.surveyed),
        "illustrative": inputs.settings.illustrative,
        "headline": headline(results),
        "visitors": visitors_headline(results),
        "visitors_by_walker": by_walker,
        "country": _country(inputs.country),
        "counts": _counts(results),
        "settings": _settings(inputs.settings, inputs.folder),
        "services": [asdict(service) for service in inputs.services],
        "needs": needs_used(results),
        "walkers": [asdict(walker) for walker in inputs.walkers],
        "offers": [asdict(offer) for offer in inputs.offers],
        "unverified": unverified_frame(results).to_dict("records"),
        "unclassified": [block.id for block in results.blocks if not block.kind],
        "inputs": dict(sorted(inputs.file_digests.items())),
        "extract": _extract(results),
        "network": _network(results),
        "sources": inputs.sources,
        "caveats": caveats(results),
        "notes": list(results.notes),
        "files": dict(sorted(files.items())),
        "seconds": "timing.json",
    }


def _country(country: Country | None) -> dict[str, Any] | None:
    """Return the country, its calendar and the habits of its offices; None where nothing tells it."""
    if country is None:
        return None
    return {
        **asdict(country),
        "names": dict(country.names),
        "calendar": calendar_of(country.code, (0.0, 0.0)).called,
        "reviews_maps": country.reviews_maps,
    }


def _network(results: Results) -> dict[str, Any]:
    """Return whose streets they are, by which rules they are walked, and where their plane touches the earth."""
    network, plane = results.network, results.network.plane
    source = ""
    if network.source:
        source = _relative(Path(network.source), results.inputs.folder)
    return {
        "digest": network.digest,
        "source": source,
        "data_date": network.data_date,
        "attribution": network.attribution,
        "profile": network.profile,
        "private_rule": network.private_rule,
        "planar": plane.planar,
        "center": None if plane.planar else [round(plane.lon0, 6), round(plane.lat0, 6)],
    }


def _scenario(scenario: Scenario | None) -> dict[str, Any] | None:
    if scenario is None:
        return None
    return {
        "name": scenario.name,
        "note": scenario.note,
        "file": scenario.file,
        "digest": scenario.digest,
        "changes": scenario.changes,
    }


def _survey(surveyed: Surveyed) -> dict[str, Any] | None:
    """Return what was found on the ground, by whom and when; None where nothing was."""
    if not surveyed.findings:
        return None
    return {
        "file": surveyed.file,
        "findings": [
            {
                "kind": each.fact.kind.value,
                "subject": each.fact.subject,
                "places": [list(place) for place in each.fact.places],
                "known": each.fact.known,
                "answer": each.answer.value,
                "now": each.now,
                "who": each.who,
                "when": each.when,
            }
            for each in surveyed.findings
        ],
    }


def needs_used(results: Results) -> list[dict[str, Any]]:
    """Return every row of the standard that judged at least one block, with the number of judgments it decided."""
    judgments = results.main.judgments
    counts = np.bincount(judgments.need[judgments.need >= 0], minlength=len(judgments.needs))
    rows = [
        asdict(need) | {"judgments": count}
        for need, count in zip(judgments.needs, counts.tolist(), strict=True)
    ]
    return sorted(rows, key=lambda row: (str(row["rule"]), str(row["kind"]), str(row["service"])))


def _counts(results: Results) -> dict[str, Any]:
    network, demand = results.network, results.demand
    return {
        "services": len(results.inputs.services),
        "stations": len(results.stations),
        "stations_off_network": int(np.count_nonzero(~results.station_anchors.on_network)),
        "blocks": len(results.blocks),
        "blocks_by_exits": _tally([kind.value for kind in demand.exit_kind]),
        "blocks_by_people": _tally([block.people_source.value for block in results.blocks]),
        "demand_points": len(demand.xy),
        "exits": len(demand.exit_xy),
        "edges": network.edge_count,
        "nodes": network.node_count,
        "street_m": round(float(np.sum(network.edge_m)), 1),
        "components": len(network.component_m),
        "catchments": len(results.catchments.station),
        "pieces": len(results.catchments.pieces.edge),
    }


def _tally(words: list[str]) -> dict[str, int]:
    return {word: words.count(word) for word in sorted(set(words))}


def _settings(settings: Settings, folder: Path) -> dict[str, Any]:
    content = asdict(settings)
    content["streets"]["path"] = _relative(settings.streets.path, folder)
    if settings.streets.extra is not None:
        content["streets"]["extra"] = _relative(settings.streets.extra, folder)
    return content


def _extract(results: Results) -> dict[str, Any] | None:
    extract = results.extract
    if extract is None:
        return None
    return {
        "source": _relative(Path(extract.source), results.inputs.folder),
        "digest": extract.digest,
        "data_date": extract.data_date,
        "bounds": [round(value, 7) for value in extract.bounds],
        "notes": list(extract.notes),
    }


def _relative(path: Path, folder: Path) -> str:
    """Return the path as seen from the study; only its name when it lies elsewhere (the digest tells which file)."""
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return escaped(path.name if path.is_absolute() else path.as_posix())


def _versions() -> dict[str, str]:
    """Return the versions that figures may depend on, in the last digit of a length or of an outline."""
    import pyproj
    import shapely

    return {
        "walkshed": _version(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "shapely": shapely.__version__,
        "geos": shapely.geos_version_string,
        "pyproj": pyproj.__version__,
        "proj": pyproj.proj_version_str,
    }


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("walkshed")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"

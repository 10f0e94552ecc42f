"""A drafted study as files: study.toml with a comment on every line, tables that Excel and QGIS open, SOURCES.md."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import shapely

from walkshed.errors import OutputError
from walkshed.inputs.tables.cells import LONGEST_NAME
from walkshed.model.drafting import Draft
from walkshed.model.marks import plain
from walkshed.model.town.places import PeopleSource
from walkshed.reports.writing import heal, is_ours, put_files
from walkshed.reports.writing.harmless import harmless
from walkshed.reports.writing.names import is_litter
from walkshed.verbs.draft.toml import (
    blocks_section,
    further_sections,
    illustrative_line,
    quoted,
    services_lines,
    stations_section,
    template,
)
from walkshed.words.studies.drafts import comments, sources_text

#: What a draft may find in its folder: answers that an earlier, broken draft kept.
KEPT = "answers"
_STATION_COLUMNS = (
    *(
        "id",
        "name",
        "tier",
        "parent",
        "services",
        "lon",
        "lat",
        "address",
        "subdistrict",
        "community",
    ),
    "scope",
    "illustrative",
)


def check_draft_folder(folder: Path) -> None:
    """Raise OutputError unless a study can be drafted in ``folder``: it does not exist, or holds nothing of anybody.

    A draft that died there is put in order first.
    """
    heal(folder)
    _check_empty(folder)


def _check_empty(folder: Path) -> None:
    try:
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{folder} is a file, not a folder; name a folder for the study")
        found = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(
            f"{folder} cannot be opened: {error.strerror or error}; choose another folder"
        ) from error
    others = [name for name in found if name != KEPT and not is_litter(name) and not is_ours(name)]
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        raise OutputError(
            f"{folder} is not empty ({', '.join(others[:3])}{more}); "
            "a draft never overwrites: name a new folder"
        )


def write_draft(draft: Draft, folder: Path) -> list[Path]:
    """Write the study into ``folder``, all files or none; return their paths in the order of reading.

    The same draft gives the same bytes. Raises OutputError where ``check_draft_folder`` does, and
    where the folder cannot be written to.
    """
    folder = Path(folder)
    contents = draft_files(draft)
    put_files(folder, contents, check=lambda: _check_empty(folder))
    return [folder / name for name in contents]


def draft_files(draft: Draft) -> dict[str, bytes]:
    """Return the files of a drafted study by name."""
    files = {
        "study.toml": _study_toml(draft).encode("utf-8"),
        **_stations_files(draft),
        **_blocks_files(draft),
        **draft.given.others,
        draft.streets_file: draft.streets,
        "SOURCES.md": sources_text(draft).encode("utf-8"),
    }
    if draft.gates:
        files["gates.csv"] = _gates_csv(draft)
    if draft.given.offers:
        files["offers.csv"] = _csv(("station", "service"), draft.given.offers)
    return files


def _stations_files(draft: Draft) -> Mapping[str, bytes]:
    """Return the table of stations: the planner's own, else the drafted one."""
    given = draft.given.stations
    return {"stations.csv": _stations_csv(draft)} if given is None else given.files


def _blocks_files(draft: Draft) -> Mapping[str, bytes]:
    """Return the table of blocks: the planner's own, else the drafted one."""
    given = draft.given.blocks
    return {"blocks.geojson": _blocks_geojson(draft)} if given is None else given.files


def _study_toml(draft: Draft) -> str:
    said, given = comments(draft.language), draft.given
    blocks_source = "given" if draft.origin == "people" else "osm"
    stations = _section("stations", draft)
    if given.stations is not None:
        stations = stations_section(given, draft.language)
    blocks = _section("blocks", draft, blocks_source=blocks_source)
    if given.blocks is not None:
        blocks = blocks_section(given.blocks, draft.language)

    return (
        _section(
            "study",
            draft,
            name=quoted(draft.name),
            language=draft.language,
            illustrative=illustrative_line(draft.given, said),
            stations=stations,
            blocks=blocks,
            streets=_streets_lines(draft, said),
            gates=_gates_lines(draft, said),
            needs=_needs_line(draft, said),
            services=services_lines(draft, said) + further_sections(draft.given, draft.language),
        )
        + "\n"
    )


def _section(section: str, draft: Draft, **fields: str) -> str:
    """Return a section of study.toml as its template has it."""
    return template(section, draft.language).substitute(fields).removesuffix("\n")


def _streets_lines(draft: Draft, said: Mapping[str, str]) -> str:
    lines = [f"file = {quoted(draft.streets_file)} # {said['streets']}"]
    if draft.place:
        lines.append(f"place = {quoted(draft.place)} # {said['place']}")
    if draft.servers is not None:
        lines.append(f"nominatim_url = {quoted(draft.servers[0])} # {said['server']}")
        lines.append(f"overpass_url = {quoted(draft.servers[1])} # {said['server']}")
    return "\n".join(lines)


def _gates_lines(draft: Draft, said: Mapping[str, str]) -> str:
    given = draft.given.further.get("gates")
    if given:
        return (
            f"gates = {quoted(given)} # {said['further']}\n"
            f"# gates_complete = true # {said['gates_complete']}"
        )
    if not draft.gates:
        return f"# {said['no_gates']}"
    return (
        f'# gates = "gates.csv" # {said["gates"]}\n'
        f"# gates_complete = true # {said['gates_complete']}"
    )


def _needs_line(draft: Draft, said: Mapping[str, str]) -> str:
    """Return the standard: the planner's own file of needs, else the one that is none."""
    if draft.given.needs:
        return f"file = {quoted(draft.given.needs)} # {said['needs_given']}"
    return f'preset = "illustrative-500" # {said["needs"]}'


def _stations_csv(draft: Draft) -> bytes:
    rows = []
    for station in draft.stations:
        facility = station.facility
        rows.append(
            (
                *(
                    facility.osm,
                    told_in(facility.name),
                    facility.tier.value,
                    "",
                    ";".join(facility.services),
                ),
                *(f"{station.lon:.7f}", f"{station.lat:.7f}", told_in(facility.address)),
                *(told_in(station.subdistrict), told_in(station.community)),
                *(facility.scope.value, "true"),
            )
        )
    return _csv(_STATION_COLUMNS, rows)


def _gates_csv(draft: Draft) -> bytes:
    names = {block.id: told_in(block.name) for block in draft.blocks}
    rows = [
        (gate.block, f"{gate.lon:.7f}", f"{gate.lat:.7f}", names.get(gate.block, ""))
        for gate in draft.gates
    ]
    return _csv(("block", "lon", "lat", "name"), rows)


def _csv(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(
        [[str(harmless(cell)) if not _is_number(cell) else cell for cell in row] for row in rows]
    )
    return text.getvalue().encode("utf-8-sig")


def told_in(text: str) -> str:
    """Return a text of the map as every table takes it: on one line, and no longer than names may be."""
    line = " ".join(plain(text).split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()


def _blocks_geojson(draft: Draft) -> bytes:
    features = []
    for block in draft.blocks:
        people = None if block.people is None else round(block.people, 1)
        source = block.people_source
        properties: Mapping[str, object] = {
            "id": block.id,
            "name": told_in(block.name) or block.id,
            "kind": block.kind,
            "form": block.form.value,
            "people": people,
            "people_source": "" if source is PeopleSource.NONE else source.value,
            "households": block.households,
            "subdistrict": told_in(block.subdistrict),
            "community": told_in(block.community),
        }
        geometry = json.loads(shapely.to_geojson(_rounded(block.geometry)))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})

    # a line each, so that two versions can be compared
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features
    )
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _rounded(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return the geometry at the resolution of OSM, 1e-7 degrees (about 1 cm), still valid."""
    rounded = shapely.transform(geometry, lambda points: points.round(7))
    return rounded if rounded.is_valid else geometry

"""A study's folder as plain values: study.toml and the tables that it names, read with the standard library.

What this program does not read, it refuses (``UnreadError``) instead of guessing.
"""

from __future__ import annotations

import csv
import functools
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

COVERAGE = Path(__file__).parents[2] / "coverage"
YES, NO = {"yes", "true", "1", "是", "有"}, {"no", "false", "0", "否", "无"}


class UnreadError(Exception):
    """Something in the study that this program does not read."""


@dataclass(frozen=True)
class Station:
    id: str
    name: str
    geometry: BaseGeometry
    services: tuple[str, ...]
    floor: int | None = None
    elevator: bool | None = None
    step_free: bool | None = None
    hours: str = ""
    capacity: float | None = None
    scope: str = "all"
    subdistrict: str = ""
    community: str = ""


@dataclass(frozen=True)
class Offer:
    station: str
    service: str
    outreach: bool = False
    scope: str = "all"
    hours: str = ""
    capacity: float | None = None
    readiness_min: float = 0.0


@dataclass(frozen=True)
class Block:
    id: str
    name: str
    kind: str
    form: str
    geometry: BaseGeometry
    people: float | None = None
    subdistrict: str = ""
    community: str = ""


@dataclass(frozen=True)
class Service:
    id: str
    items: tuple[str, ...]
    complete: bool


@dataclass(frozen=True)
class Need:
    kind: str
    service: str
    item: str
    limit: float
    unit: str
    metric: str
    places_per_1000: float | None


@dataclass(frozen=True)
class Walker:
    id: str
    speed_m_s: float
    step_s: float | None = None
    flight_s: float | None = None
    flights_max: float | None = None
    elevator_wait_s: float | None = None


@dataclass(frozen=True)
class Study:
    folder: Path
    extract: Path | None
    lines: Path | None
    private: str
    beyond: str
    stations: list[Station]
    offers: list[Offer]
    blocks: list[Block] | None
    gates: dict[str, list[tuple[float, float]]]
    gates_complete: bool
    services: list[Service]
    needs: list[Need]
    min_share: float
    walkers: list[str]
    groups: dict[str, str]
    known_walkers: dict[str, Walker]
    max_snap_m: float
    inside_detour: float
    at: str | None
    unread: list[str] = field(default_factory=list)


def read_study(path: Path) -> Study:
    """Return the study of a folder, or of a study.toml."""
    file = path / "study.toml" if path.is_dir() else path
    folder = file.parent
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    streets, blocks = told["streets"], told.get("blocks", {})
    walk, needs, run = told.get("walk", {}), told.get("needs", {}), told.get("run", {})
    _refuse(told)

    # reading of definition 10: stations that are given are a complete list unless it is denied
    surveyed = told["stations"].get("source", "given") == "given"
    listed = [
        Service(one["id"], _several(one.get("standard_item", ())), one.get("complete", surveyed))
        for one in told.get("services", [])
    ]
    known, by_group = _walkers()
    groups = {name: by_group.get(name, "adult") for name in blocks.get("groups", [])}
    groups.update(walk.get("group_walkers", {}))
    study = Study(
        folder=folder,
        extract=folder / streets["file"] if "file" in streets else None,
        lines=folder / streets["lines"] if "lines" in streets else None,
        private=streets.get("private", "ends"),
        beyond=streets.get("beyond", "unknown"),
        stations=_stations(folder / told["stations"]["file"]),
        offers=_offers(folder / told["offers"]["file"]) if "offers" in told else [],
        blocks=_blocks(folder / blocks["file"]) if "file" in blocks else None,
        gates=_gates(folder / blocks["gates"]) if "gates" in blocks else {},
        gates_complete=blocks.get("gates_complete", False),
        services=listed,
        needs=_needs(folder, needs),
        min_share=needs.get("min_share", 0.8),
        walkers=walk.get("walkers", ["adult"]),
        groups=groups,
        known_walkers=known,
        max_snap_m=walk.get("max_snap_m", 100.0),
        inside_detour=walk.get("inside_detour", 1.0),
        at=run.get("at"),
    )
    places = [*study.stations, *(study.blocks or [])]
    if "areas" in told and not all(one.community and one.subdistrict for one in places):
        raise UnreadError("[areas] for places whose tables do not name theirs")
    return study


def _refuse(told: dict) -> None:
    """Raise ``UnreadError`` for what this program does not read."""
    for section, keys in {
        "streets": ("place", "extra", "profile_file"),
        "stations": ("unplaced",),
        "blocks": ("kind_rules", "household_size"),
        "walk": ("walkers_file",),
    }.items():
        for key in keys:
            if key in told.get(section, {}):
                raise UnreadError(f"[{section}] {key}")
    if isinstance(told.get("services"), dict):
        raise UnreadError("[services] file")
    for section in ("stations", "blocks"):
        if told.get(section, {}).get("crs", "wgs84") != "wgs84":
            raise UnreadError(f"[{section}] crs = {told[section]['crs']}")
    lines = told["streets"].get("lines", ".geojson")
    if not lines.endswith((".geojson", ".json")) or "crs" in told["streets"]:
        raise UnreadError("[streets] lines of another form or crs")
    if told["streets"].get("profile", "walking") != "walking":
        raise UnreadError("[streets] profile")


def rows_of(file: Path) -> list[tuple[dict[str, str], BaseGeometry | None]]:
    """Return the rows of a CSV or GeoJSON table: cells as text, and the geometry in degrees."""
    if file.suffix == ".csv":
        rows = []
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for row in csv.DictReader(lines):
                cells = {key.strip(): (value or "").strip() for key, value in row.items() if key}
                place = cells.get("lon") and cells.get("lat")
                shape = shapely.Point(float(cells["lon"]), float(cells["lat"])) if place else None
                rows.append((cells, shape))
        return rows
    if file.suffix in {".geojson", ".json"}:
        rows = []
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            cells = {
                key: "" if value is None else str(value)
                for key, value in feature["properties"].items()
            }
            rows.append((cells, shapely.geometry.shape(feature["geometry"])))
        return rows
    raise UnreadError(f"a table of this form: {file.name}")


def _stations(file: Path) -> list[Station]:
    stations = []
    for number, (row, shape) in enumerate(rows_of(file), 1):
        if shape is None:
            raise UnreadError(f"{file.name}: a row without a place")
        stations.append(
            Station(
                id=row.get("id") or f"row {number}",
                name=row.get("name", ""),
                geometry=shape,
                services=tuple(s.strip() for s in row.get("services", "").split(";") if s.strip()),
                floor=int(row["floor"]) if row.get("floor") else None,
                elevator=_yes(row.get("elevator", "")),
                step_free=_yes(row.get("step_free", "")),
                hours=row.get("hours", ""),
                capacity=_number(row.get("capacity", "")),
                scope=row.get("scope") or "all",
                subdistrict=row.get("subdistrict", ""),
                community=row.get("community", ""),
            )
        )
    return sorted(stations, key=lambda station: station.id)


def _offers(file: Path) -> list[Offer]:
    return [
        Offer(
            station=row["station"],
            service=row["service"],
            outreach=row.get("mode") == "outreach",
            scope=row.get("scope") or "all",
            hours=row.get("hours", ""),
            capacity=_number(row.get("capacity", "")),
            readiness_min=_number(row.get("readiness_min", "")) or 0.0,
        )
        for row, _ in rows_of(file)
    ]


def _blocks(file: Path) -> list[Block]:
    blocks = []
    for number, (row, shape) in enumerate(rows_of(file), 1):
        if shape is None:
            raise UnreadError(f"{file.name}: a row without a place")
        blocks.append(
            Block(
                id=row.get("id") or f"row {number}",
                name=row.get("name", ""),
                kind=row.get("kind", ""),
                form=row.get("form") or "compound",
                geometry=shape,
                people=_number(row.get("people", "")),
                subdistrict=row.get("subdistrict", ""),
                community=row.get("community", ""),
            )
        )
    return blocks


def _gates(file: Path) -> dict[str, list[tuple[float, float]]]:
    gates: dict[str, list[tuple[float, float]]] = {}
    for row, shape in rows_of(file):
        gates.setdefault(row["block"], []).append((shape.x, shape.y))
    return gates


def _needs(folder: Path, told: dict) -> list[Need]:
    """Return the rows of the standard: a file of the study, or a preset that ships as data."""
    if "file" in told:
        file = folder / told["file"]
    else:
        file = _data_file(f"{told.get('preset', 'illustrative-500')}.toml")
    rows = tomllib.loads(file.read_text(encoding="utf-8")).get("needs", [])
    return [
        Need(
            kind=row.get("kind", "*"),
            service=row.get("service", "" if "standard_item" in row else "*"),
            item=row.get("standard_item", ""),
            limit=float(row.get("walk_m", row["limit"])),
            unit="m" if "walk_m" in row else row.get("unit", "m"),
            metric=row.get("metric", "network"),
            places_per_1000=row.get("places_per_1000"),
        )
        for row in rows
    ]


def _walkers() -> tuple[dict[str, Walker], dict[str, str]]:
    """Return the walkers that ship as data, and the walker of each group (definition 12)."""
    told = tomllib.loads(_data_file("walkers.toml").read_text(encoding="utf-8"))
    keys = ("id", "speed_m_s", "step_s", "flight_s", "flights_max", "elevator_wait_s")
    walkers = [Walker(**{key: one[key] for key in keys if key in one}) for one in told["walkers"]]
    return {walker.id: walker for walker in walkers}, told.get("groups", {})


def data_of(name: str) -> dict:
    """Return a table of rules that the package carries as data, by its file's name."""
    return tomllib.loads(_data_file(name).read_text(encoding="utf-8"))


@functools.cache
def _data_file(name: str) -> Path:
    found = sorted(COVERAGE.rglob(name))
    if not found:
        raise UnreadError(f"no data file {name}")
    return found[0]


def _several(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def _yes(text: str) -> bool | None:
    word = text.strip().lower()
    return True if word in YES else False if word in NO else None

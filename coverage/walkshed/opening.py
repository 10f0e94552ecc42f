"""How a study is opened: what its reading needs of the internet, and of the rooms beside the inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from walkshed.inputs import Skills
    from walkshed.model.arrays import FloatArray
    from walkshed.model.geocoding import CrsFinding, LedgerMatch, LedgerRow


def prepare(folder: str | Path, tell: Callable[[str], None] | None = None) -> None:
    """Put a study's folder in order before it is read; ``tell`` hears of pauses.

    What a process left there that died while it wrote is finished or undone, and the map of a place
    that study.toml names is fetched, if it is not there yet.
    """
    from walkshed.inputs.opened import place_to_fetch
    from walkshed.reports.writing import heal

    path = Path(folder)
    with suppress(ValueError):  # no path at all, which the reading tells
        heal(path.parent if path.suffix.lower() == ".toml" else path)

    wanted = place_to_fetch(path)
    if wanted is not None:
        from walkshed.osm.overpass import fetch_place
        from walkshed.reports.writing import put_files

        place, servers, file = wanted
        fetched = fetch_place(place, file.parent / "answers", servers=servers, tell=tell)
        put_files(file.parent, {file.name: fetched.path.read_bytes()})


def skills() -> Skills:
    """Return what the reading of a study asks of the rooms beside it."""
    from walkshed.geocode.datums import bd09_to_wgs84, gcj02_to_wgs84
    from walkshed.inputs import Skills

    def detect(
        extract: Path,
        columns: FloatArray,
        names: Sequence[str],
        addresses: Sequence[str],
        sources: Sequence[str],
    ) -> tuple[CrsFinding, ...]:
        from walkshed.geocode.systems.detective import detect_crs
        from walkshed.geocode.systems.evidence import reference_of
        from walkshed.osm import read_extract

        return detect_crs(
            columns,
            reference_of(read_extract(extract)),
            names=names,
            addresses=addresses,
            groups=sources,
        )

    def join(
        extract: Path, rows: Sequence[LedgerRow]
    ) -> tuple[tuple[LedgerMatch, BaseGeometry | None], ...]:
        import shapely

        from walkshed.cache import cache_folder
        from walkshed.geocode.ledger import grounds_of, join_ledger
        from walkshed.geocode.places.cache import kept_gazetteer
        from walkshed.osm import read_extract

        town = read_extract(extract)
        grounds = grounds_of(town)
        with kept_gazetteer(extract, read=lambda _: town, folder=cache_folder()) as gazetteer:
            matches = join_ledger(rows, grounds, find_address=gazetteer.find)
        shapes = [[grounds[index].geometry for index in match.grounds] for match in matches]
        return tuple(
            (match, shapely.union_all(parts) if parts else None)
            for match, parts in zip(matches, shapes, strict=True)
        )

    return Skills(
        to_wgs84={"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}, detect=detect, join=join
    )

"""``walkshed geocode``: places for what has no coordinates, table by table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.errors import WalkshedError
from walkshed.inputs.unplaced import read_unplaced
from walkshed.model.geocoding import InDoubt
from walkshed.model.paths import path_of
from walkshed.needs.judging.doubtful_places import in_doubt, limits_of
from walkshed.opening import prepare, skills
from walkshed.study import study_with
from walkshed.verbs.geocode.asking import check_reviews
from walkshed.verbs.geocode.placing import Placing, chain_of, place_rows, put_places
from walkshed.walk.distances import pairs

if TYPE_CHECKING:
    from walkshed.outside.service import Manners


def geocode(
    folder: str | Path,
    *,
    providers: Sequence[str] = (),
    urls: Mapping[str, str] | None = None,
    city: str = "",
    resume: bool = True,
    manners: Manners | None = None,
    cache: bool = True,
    progress: Callable[[int, int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> tuple[Placing, ...]:
    """Place what has no coordinates, table by table: stations first, then blocks, places of visitors and rooms.

    The study's extract is asked first, then ``providers``, by the names of
    ``walkshed.geocode.providers.registry``. Writes, beside each table of the planner's,
    stations.geocoded.csv, which every later run uses, a review sheet, and its map. A list of
    compounds is joined to the map first; only what it does not show is looked up. After a service
    has failed no other table is begun. Without ``cache`` the map's names are gathered anew.
    ``tell`` hears, in a sentence, of every pause that a server asks for.
    """
    prepare(folder, tell)
    done: list[Placing] = []
    tables = read_unplaced(Path(folder), city=city, skills=skills())
    check_reviews(tables)
    for wanted in tables:
        chain = chain_of(wanted, providers, urls=urls, manners=manners, cache=cache, tell=tell)

        def effects(
            uncertainty_m: Mapping[str, float],
            places: Mapping[Path, bytes],
            kind: str = wanted.kind,
        ) -> InDoubt:
            if kind != "stations":
                return InDoubt({})
            return _in_doubt(Path(folder), uncertainty_m, places)

        first = resume or bool(done)  # afresh: the answers of all tables are in one file
        done.append(place_rows(wanted, chain, resume=first, effects=effects, progress=progress))
        if done[-1].failure is not None:
            break
    put_places(done)
    return tuple(done)


def _in_doubt(
    folder: Path, uncertainty_m: Mapping[str, float], places: Mapping[Path, bytes]
) -> InDoubt:
    """Return how many residents, or blocks, hang on each doubtful place; nothing where the study cannot run yet.

    ``places`` are the files of places by path, which are not on the disk yet.
    """
    try:
        found = study_with(path_of(folder, like="data/gucheng"), places).run().results
    except WalkshedError:  # what is wrong with it, walkshed check says
        return InDoubt({})
    limits_m = limits_of(found.inputs.needs)
    far_m = max(limits_m) + max(uncertainty_m.values())
    walks = pairs(found.network, found.demand.anchors, found.station_anchors, limit_m=far_m)
    return in_doubt(found.demand, found.stations, walks, limits_m, uncertainty_m)

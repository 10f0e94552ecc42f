"""What a study is drafted from: an extract, a town cut out of a large one, or what was fetched for a place's name."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError, shorten
from walkshed.inputs.tables.cells import LONGEST_NAME
from walkshed.model.labels import Label, Language
from walkshed.model.marks import plain
from walkshed.model.messages import Listing, Message
from walkshed.model.paths import STREAM, is_stream
from walkshed.words.studies.drafts import COPIED, CUT, FETCHED

if TYPE_CHECKING:
    from walkshed.osm.ground import Ground

_LARGEST_EXTRACT = 80_000_000  # bytes; reading more takes minutes and gigabytes
#: What Windows allows in no name of a file.
_NOT_IN_NAMES = frozenset('<>:"/\\|?*')
_KEPT_NAMES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")


@dataclass(frozen=True, slots=True)
class _Told:
    """What the file is: a sentence and its fields."""

    sentence: Label
    fields: Mapping[str, str]


class DraftSource:
    """Where the streets' file of a draft comes from, as bytes under the name that it gets in the study."""

    def __init__(
        self,
        path: Path,
        file_name: str,
        title: str,
        told: _Told,
        ground: Ground | None,
    ) -> None:
        self.path, self.file_name, self.title, self.ground = path, file_name, title, ground
        self.content = path.read_bytes()
        self._told = told

    def told(self, language: Language) -> str:
        """Return in words what the file is."""
        return self._told.sentence.said(language, **self._told.fields)


@contextmanager
def draft_source(
    extract: str | Path | None,
    folder: Path,
    *,
    around: tuple[float, float, float] | None,
    clip: str | Path | None,
    place: str | None,
    servers: tuple[str, str] | None,
    tell: Callable[[str], None] | None = None,
) -> Iterator[DraftSource]:
    """Yield the file to draft from: the extract itself, its cut, or what was fetched for a place's name."""
    given = [word for word, value in (("around", around), ("clip", clip)) if value is not None]
    if (extract is None) == (place is None):
        raise InvalidValueError(
            "give either an OSM extract or the name of a place (--place), one of the two"
        )
    if place is not None and given:
        raise InvalidValueError(
            Message(
                "{options} cannot stand beside place; give one",
                options=Listing(given, mark=" and "),
            )
        )
    if len(given) > 1:
        raise InvalidValueError(
            Message(
                "{options} cannot stand beside each other; give one",
                options=Listing(given, mark=" and "),
            )
        )

    # a place, fetched
    if place is not None:
        _check_name(Message("place"), place)
        for url in servers or ():
            _check_name(Message("a server's address"), url)
        from walkshed.osm.overpass import fetch_place

        fetched = fetch_place(place, folder / "answers", servers=servers, tell=tell)
        told = _Told(FETCHED, {"place": place})
        yield DraftSource(fetched.path, "place.osm.pbf", place.split(",")[0], told, fetched.ground)
        return

    # an extract as it is
    path = Path(extract or "")
    shown = " ".join(plain(path.name).split())
    if not given:
        name = _file_name(path.name)
        _check_size(path)
        yield DraftSource(
            _existing(path),
            name,
            "",
            _Told(COPIED, {"file": shown}),
            None,
        )
        return

    # a town cut out of it
    from walkshed.osm.cut import cut_extract
    from walkshed.osm.ground import ground_around, ground_of_file

    ground = ground_around(*around) if around is not None else ground_of_file(Path(clip or ""))
    with tempfile.TemporaryDirectory(prefix="walkshed-") as scratch:
        cut = Path(scratch) / "town.osm.pbf"
        cut_extract(path, cut, ground)
        west, south, east, north = ground.box
        where = f"{west:.4f},{south:.4f} – {east:.4f},{north:.4f}"
        told = _Told(CUT, {"file": shown, "box": where})
        yield DraftSource(cut, "town.osm.pbf", "", told, ground)


def _check_name(what: Message, value: str) -> None:
    """Refuse a name or an address that cannot be one."""
    if len(value) <= LONGEST_NAME and value.isprintable():
        return
    raise InvalidValueError(
        Message(
            "{what} {value!r}: is too long, or holds what cannot be printed; write it in at most "
            "{most} {most:character|characters}",
            what=what,
            value=shorten(value),
            most=LONGEST_NAME,
        )
    )


def _file_name(name: str) -> str:
    """Return what an extract is called in the study: as it was, if that is a name for every system."""
    ending = next((end for end in _KEPT_NAMES if name.lower().endswith(end)), ".osm.pbf")
    kept = (
        name.lower().endswith(_KEPT_NAMES) and name.isprintable() and not set(name) & _NOT_IN_NAMES
    )
    return name if kept else f"streets{ending}"


def _existing(path: Path) -> Path:
    """Return the path of a file that can be opened; the errors of reading an extract otherwise."""
    # no folder, no stream
    if path.is_dir():
        raise UnreadableFileError(
            Message(
                "{path}: is a folder, not an OpenStreetMap file; name the .osm.pbf or .osm file "
                "in it",
                path=path,
            )
        )
    if is_stream(path):
        raise UnreadableFileError(
            Message("{path}: {fact}; save the extract, and name its file", path=path, fact=STREAM)
        )

    # it is there
    if not path.is_file():
        raise NotFoundError(
            Message(
                "{path}: no such file; check the path, it is taken from {folder}",
                path=path,
                folder=Path.cwd(),
            )
        )
    return path


def _check_size(path: Path) -> None:
    size = path.stat().st_size if path.is_file() else 0
    if size > _LARGEST_EXTRACT:
        raise InvalidValueError(
            Message(
                "{path}: has {size} MB, a province rather than a town; cut the town out: --around "
                "LON,LAT,KM or --clip FILE",
                path=path,
                size=size // 1000000,
            )
        )

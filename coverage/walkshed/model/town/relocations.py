"""Centers that found another place (落地台账): from where to where, by which means, and communities that merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from walkshed.model.town.places import Area, Block, Station

#: What planners leave off names and put back: 南门 and 南门社区 are one.
_SUFFIXES = ("社区居委会", "社区", "居委会", "街道办事处", "街道", "村", "镇")

Place = TypeVar("Place", Area, Block, Station)


@dataclass(frozen=True, slots=True)
class Relocation:
    """A row of the ledger: a center before and after; None or "" for what it does not say.

    ``station`` is its id where it is a station of the study. ``communities`` are those whose center
    it was, ``merged_into`` the one into which they merged. ``completed`` is an ISO date as far as
    it is known.
    """

    center: str
    station: str
    subdistrict: str
    communities: tuple[str, ...]
    merged_into: str
    means: str
    old_address: str
    old_floor: int | None
    new_address: str
    new_floor: int | None
    old_area_m2: float | None
    new_area_m2: float | None
    completed: str
    visits_before: float | None
    visits_after: float | None
    step_free: bool | None

    @property
    def is_moved(self) -> bool:
        """Whether it stands at another address than before."""
        return bool(self.old_address and self.new_address and self.old_address != self.new_address)


def bare_name(name: str) -> str:
    """Return the name of a subdistrict or a community without the word for its level."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return name


def mergers(relocations: Sequence[Relocation]) -> Mapping[tuple[str, str], str]:
    """Return into which community each merged, by subdistrict ("" for any) and bare name, to the end of the chain."""
    into: dict[tuple[str, str], str] = {}
    for row in relocations:
        for old in row.communities if row.merged_into else ():
            if bare_name(old) != bare_name(row.merged_into):
                into.setdefault((row.subdistrict, bare_name(old)), row.merged_into)

    found = {}
    for (subdistrict, old), new in into.items():
        last, seen = new, {old}
        while (subdistrict, bare_name(last)) in into and bare_name(last) not in seen:
            seen.add(bare_name(last))
            last = into[subdistrict, bare_name(last)]
        found[subdistrict, old] = last
    return found


def spelled(
    into: Mapping[tuple[str, str], str], places: Sequence[Area | Block | Station]
) -> Mapping[tuple[str, str], str]:
    """Return the same mergers, each new community spelled as the first of some places that bears its name."""
    known: dict[str, str] = {}
    for place in places:
        known.setdefault(bare_name(place.community), place.community)
    return {old: known.get(bare_name(new), new) for old, new in into.items()}


def merged(places: Sequence[Place], into: Mapping[tuple[str, str], str]) -> tuple[Place, ...]:
    """Return blocks, stations or outlines, those of communities that merged under the new one's name."""
    if not into:
        return tuple(places)
    return tuple(_renamed(place, into) for place in places)


def _renamed(place: Place, into: Mapping[tuple[str, str], str]) -> Place:
    """Return a place under the name of the community into which its own merged."""
    bare = bare_name(place.community)
    new = into.get((place.subdistrict, bare)) or into.get(("", bare))
    return replace(place, community=new) if new is not None and place.community else place

"""The online geocoders that may be asked. A new one is a module of this room and a line here.

Their modules are loaded when they are asked for: the names alone stand in the command line's help.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from walkshed.errors import InvalidValueError
from walkshed.model.messages import Listing, Message

if TYPE_CHECKING:
    from walkshed.geocode.providers.protocol import Provider


@dataclass(frozen=True, slots=True)
class Geocoder:
    """A geocoder by name: the class that asks it, as ``module.Class`` of this room, and whether it wants a key."""

    name: str
    asked_by: str
    keyed: bool = True


GEOCODERS: tuple[Geocoder, ...] = (
    Geocoder("nominatim", "nominatim.Nominatim", keyed=False),
    Geocoder("amap", "amap.Amap"),
    Geocoder("tianditu", "tianditu.Tianditu"),
    Geocoder("baidu", "baidu.Baidu"),
)
NAMES: tuple[str, ...] = tuple(each.name for each in GEOCODERS)


def provider_of(name: str, *, study: Path, **options: Any) -> Provider:  # noqa: ANN401
    """Return the geocoder of a name; its key comes from the environment, as ``read_key`` tells.

    ``options``: ``url``, ``manners`` and ``tell`` of its class. Raises ``InvalidValueError`` for
    another name, and what ``read_key`` raises.
    """
    found = [each for each in GEOCODERS if each.name == name]
    if not found:
        raise InvalidValueError(
            Message("provider {name!r}: write one of {names}", name=name, names=Listing(NAMES))
        )
    (geocoder,) = found
    module, kind = geocoder.asked_by.split(".")
    made: Callable[..., Provider] = getattr(import_module(f"{__package__}.{module}"), kind)
    if not geocoder.keyed:
        return made(**options)
    from walkshed.geocode.providers.keys import read_key

    return made(read_key(name, study=study), **options)

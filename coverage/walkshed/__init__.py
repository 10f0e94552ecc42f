"""walkshed: who can walk to a community service, who cannot, and where the next station should stand.

The names below are the public API; each is imported when it is first used, so that ``import
walkshed`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from walkshed.errors import InputFaultsError, WalkshedError
    from walkshed.frames.streets import read_streets, streets_from_lines
    from walkshed.frames.walks import catchments, distances, nearest, route
    from walkshed.model.ground.network import StreetNetwork
    from walkshed.streets.doors.from_osmnx import network_from_osmnx as streets_from_osmnx
    from walkshed.streets.doors.to_networkx import to_networkx
    from walkshed.study import Findings, Study, read_study

__version__ = "0.1.0"
__all__ = [
    "Findings",
    "InputFaultsError",
    "StreetNetwork",
    "Study",
    "WalkshedError",
    "catchments",
    "distances",
    "nearest",
    "read_streets",
    "read_study",
    "route",
    "streets_from_lines",
    "streets_from_osmnx",
    "to_networkx",
]

_HOME = {
    "Findings": ("walkshed.study", "Findings"),
    "InputFaultsError": ("walkshed.errors", "InputFaultsError"),
    "StreetNetwork": ("walkshed.model.ground.network", "StreetNetwork"),
    "Study": ("walkshed.study", "Study"),
    "WalkshedError": ("walkshed.errors", "WalkshedError"),
    "catchments": ("walkshed.frames.walks", "catchments"),
    "distances": ("walkshed.frames.walks", "distances"),
    "nearest": ("walkshed.frames.walks", "nearest"),
    "read_streets": ("walkshed.frames.streets", "read_streets"),
    "read_study": ("walkshed.study", "read_study"),
    "route": ("walkshed.frames.walks", "route"),
    "streets_from_lines": ("walkshed.frames.streets", "streets_from_lines"),
    "streets_from_osmnx": ("walkshed.streets.doors.from_osmnx", "network_from_osmnx"),
    "to_networkx": ("walkshed.streets.doors.to_networkx", "to_networkx"),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (whatever the name stands for)
    """Import a public name from its room on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'walkshed' has no attribute {name!r}")
    module, attribute = _HOME[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    """Return the public names, for completion in notebooks."""
    return sorted([*__all__, "__version__"])

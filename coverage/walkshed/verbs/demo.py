"""``walkshed demo``: the studies that ship with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from walkshed.console.language import language_of_locale
from walkshed.model.labels import Label

#: Which study is shown first, by the language of the locale.
_FIRST = Label("gucheng", "monaco")
#: Studies that run by name only: Helsinki's extract is so small that nearly every block that fails
#: lies at its edge, and is in doubt.
_NOT_SHOWN = frozenset({"helsinki"})


def shipped_studies() -> dict[str, Path]:
    """Return {name: folder} of the studies that ship with walkshed, in the wheel or in a checkout, sorted.

    Those whose streets come from the internet are to be copied and filled in, not to be shown.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "data", package.parents[1] / "data"):
        whole = {
            path.parent.name: path.parent
            for path in sorted(folder.glob("*/study.toml"))
            if _is_whole(path)
        }
        if whole:
            return whole
    return {}


def _is_whole(study: Path) -> bool:
    return "place" not in tomllib.loads(study.read_text(encoding="utf-8")).get("streets", {})


def first_shown() -> str:
    """Return the name of the study that is shown where none is named."""
    return _FIRST.in_(language_of_locale())


def studies_shown(shipped: Mapping[str, Path], name: str | None, *, every: bool) -> list[str]:
    """Return the names of the studies to run: the one named, those that show most, or the first."""
    if every:
        return [study for study in shipped if study not in _NOT_SHOWN]
    if name is not None:
        return [name]
    return [first_shown() if first_shown() in shipped else next(iter(shipped))]

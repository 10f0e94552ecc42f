"""The language in which a command speaks: the one asked for, else the study's, else the locale's."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from walkshed.model.labels import LANGUAGES

OPTION = "--lang"
#: States it for every command.
VARIABLE = "WALKSHED_LANG"
#: How locales are called, with their language; the others read English.
_LOCALES = (("zh", "zh"), ("chinese", "zh"), ("pt", "pt"), ("portuguese", "pt"))
_OTHERWISE = "en"


def asked_language(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the language that an option or the environment asks for, and the arguments without the option.

    The option may stand before the verb or behind it. A language that is none of ours is returned
    as it is.
    """
    rest, asked = [], os.environ.get(VARIABLE) or None
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == OPTION:
            asked = next(words, "")
        elif word.startswith(f"{OPTION}="):
            asked = word.partition("=")[2]
        else:
            rest.append(word)
    return asked, rest


def language_of_study(study: Path) -> str | None:
    """Return the language that a study states, whatever else is wrong with it; None where that cannot be told."""
    import tomllib

    file = study / "study.toml" if study.is_dir() else study
    try:
        section = tomllib.loads(file.read_text(encoding="utf-8-sig"))["study"]
        stated = section["language"] if "language" in section else section["languages"][0]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return stated if stated in LANGUAGES else None


def language_of_locale() -> str:
    """Return the language of the locale: the environment's word first, as POSIX orders it, then the system's."""
    import locale

    stated = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    named = next((word for word in stated if word), None) or locale.getlocale()[0] or ""
    begins = (language for word, language in _LOCALES if named.lower().startswith(word))
    return next(begins, _OTHERWISE)

"""The catalogs: what each message is in a language, keyed by the English template that stands in the code."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

#: The languages that have a catalog: all but English, in which the code writes its messages.
CATALOGS = ("zh",)


@functools.cache
def catalog(language: str) -> Mapping[str, str]:
    """Return {English template: template in the language}; empty for English.

    Catalogs are gettext's PO files, which translators' programs open; entries without a translation
    are left out.
    """
    if language not in CATALOGS:
        return MappingProxyType({})
    import polib

    text = files("walkshed.words.messages").joinpath(f"{language}.po").read_text(encoding="utf-8")
    entries = polib.pofile(text, wrapwidth=0)
    return MappingProxyType({entry.msgid: entry.msgstr for entry in entries if entry.msgstr})

"""The catalogs: what each message is in a language, keyed by the English template that stands in the code."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from walkshed.model.labels import LANGUAGES

#: The language in which the code writes its messages: it needs no catalog.
OF_THE_CODE = "en"


@functools.cache
def catalog(language: str) -> Mapping[str, str]:
    """Return {English template: template in the language}; empty for the language of the code.

    Catalogs are gettext's PO files, which translators' programs open; entries without a translation
    are left out.
    """
    if language == OF_THE_CODE or language not in LANGUAGES:
        return MappingProxyType({})
    import polib

    text = files("walkshed.words.messages").joinpath(f"{language}.po").read_text(encoding="utf-8")
    entries = polib.pofile(text, wrapwidth=0)
    return MappingProxyType({entry.msgid: entry.msgstr for entry in entries if entry.msgstr})

"""The catalogs: what each message is in a language, keyed by the English template that stands in the code.

Labels carry Chinese and English themselves. A further language is a further file here: its messages
and its labels, keyed by the English ones.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType

#: The place with which a message begins: a file, a server.
_PLACE = re.compile(r"\{\w+\}[:：] ?")


@functools.cache
def catalog(language: str) -> Mapping[str, str]:
    """Return {English template: template in the language}; empty for one without a file: that of the code.

    Catalogs are gettext's PO files, which translators' programs open; entries without a translation
    are left out. A message "fact; cure" is told in halves, too (``model.messages.fact_and_cure``).
    """
    listed = files("walkshed.model.catalogs").joinpath(f"{language}.po")
    if not language.isalpha() or not listed.is_file():
        return MappingProxyType({})
    import polib

    entries = polib.pofile(listed.read_text(encoding="utf-8"), wrapwidth=0)
    translated = {entry.msgid: entry.msgstr for entry in entries if entry.msgstr}
    halves = (half for pair in translated.items() for half in _halves(*pair))
    return MappingProxyType(dict(halves) | translated)


def _halves(template: str, translation: str) -> Iterator[tuple[str, str]]:
    """Yield the fact, with and without the place where it is, and the cure of a message, with their translations."""
    mark = "；" if "；" in translation else "; "
    if not 0 < template.count("; ") == translation.count(mark):
        return
    (fact, _, cure), (said_fact, _, said_cure) = (
        template.rpartition("; "),
        translation.rpartition(mark),
    )
    yield cure, said_cure
    yield fact, said_fact
    place, said_place = _PLACE.match(fact), _PLACE.match(said_fact)
    if place is not None and said_place is not None:
        yield fact[place.end() :], said_fact[said_place.end() :]

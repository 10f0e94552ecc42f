"""The JSON of a server outside, cleaned: no deeper than any answer, no characters that whoever shows it would obey."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from walkshed.model.marks import is_plain, plain, plain_values

#: Answers of geocoders are nested 6 deep, outlines in GeoJSON 8.
MOST_NESTED: Final = 40


class TooDeepError(Exception):
    """JSON nested deeper than any answer."""


#: Escapes in JSON text that may stand for a character to be taken out.
_ESCAPED: Final = re.compile(r"\\u(?:0[01]|00[7-9]|20[26]|d[89a-f]|fff)|\\[bf]", re.IGNORECASE)


def read_answer(text: str, scrub: Callable[[str], str] | None) -> Any:  # noqa: ANN401 (JSON)
    """Return the value of a JSON text, every string of it cleaned, then scrubbed of a key, if there is one.

    Strings are scrubbed after they are parsed, so that no number and no escape of JSON stands in
    the way. Raises ``ValueError`` for what is no JSON and ``TooDeepError``.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise TooDeepError from None
    if _is_deeper(value, MOST_NESTED):
        raise TooDeepError

    if scrub is not None:
        return plain_values(value, lambda words: scrub(plain(words)))

    # a map is large, and mostly numbers: it is gone through only where there is something to find
    if is_plain(text) and not _ESCAPED.search(text):
        return value
    return plain_values(value)


def _is_deeper(value: object, most: int) -> bool:
    """Return whether a value is nested deeper; level by level, without recursion."""
    level = [value]
    for _ in range(most):
        level = [item for held in level for item in _items(held)]
    return any(isinstance(held, list | dict) for held in level)


def _items(value: object) -> Iterable[object]:
    """Return what a value holds; nothing for one that holds none."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()

"""Bytes of Western European text whose encoding nobody states: told by which letters stand where in words.

Windows-1252 (and Latin-1, a part of it), Mac Roman and the code pages 850 and 437 hold the letters of
Portuguese, Spanish, German and French at different bytes. Read in the wrong one, a word gets a
sign, or a capital, between its small letters: ``S‹o``, ``SÒo`` for ``São``.
"""

from __future__ import annotations

from typing import Final

#: In the order in which they are tried: Python's name, and what people call it.
ENCODINGS: Final = {
    "cp1252": "Windows-1252 (Latin-1)",
    "mac_roman": "Mac Roman",
    "cp850": "MS-DOS 850",
    "cp437": "MS-DOS 437",
}
_SMALL: Final = frozenset("áàâãäåæçéèêëíìîïñóòôõöøœúùûüýÿß")
_LARGE: Final = frozenset("ÁÀÂÃÄÅÆÇÉÈÊËÍÌÎÏÑÓÒÔÕÖØŒÚÙÛÜÝŸ")
#: Signs that such tables hold beside their letters; only the first may stand within a word.
_INSIDE: Final = frozenset("’‘´–—")
_BESIDE: Final = frozenset("“”…«»€£§²³½¼¾°®™•×\u00a0")
_BEHIND: Final = frozenset("ªº°²³")


def western_encodings(data: bytes) -> tuple[str, ...]:
    """Return the encodings in which bytes make sense as Western text; those that read the same are one."""
    found: dict[str, str] = {}
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _makes_sense(text):
            found.setdefault(text, encoding)
    return tuple(found.values())


def utf16_of(data: bytes) -> str:
    """Return the form of UTF-16 in which bytes are: by their mark, else by the zeros of plain letters; "" for none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:400]
    even, odd = start[::2], start[1::2]
    if len(start) < 4 or len(data) % 2:
        return ""
    if odd.count(0) > len(odd) / 2 and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > len(even) / 2 and not odd.count(0) else ""


def _makes_sense(text: str) -> bool:
    """Return whether every letter and sign beyond ASCII stands where such languages have it."""
    padded = f" {text} "
    return all(
        _stands_well(padded[at - 1], mark, padded[at + 1])
        for at, mark in enumerate(padded)
        if not mark.isascii()
    )


def _stands_well(before: str, mark: str, after: str) -> bool:
    if mark in _SMALL:
        return not (before.isupper() and after.isupper())
    if mark in _LARGE:
        return not (before.isalpha() and after.islower()) and not before.islower()
    if mark in _INSIDE:
        return True
    if mark in "¿¡":
        return not before.isalpha() and not after.islower()
    if mark in _BEHIND:
        return (before.isalnum() or before in " .") and not after.isalpha()
    return mark in _BESIDE and not (before.isalpha() and after.isalpha())

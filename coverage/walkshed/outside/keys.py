"""A key of a service: sent, and shown nowhere."""

from __future__ import annotations

import base64
import html.entities
import re

#: A shorter key may be part of many a word: it is scrubbed where it stands alone.
_SHORT = 8
_ENTITIES = html.entities.codepoint2name


class Key:
    """A key that neither prints nor pickles; ``reveal`` is for the request alone.

    ``others`` are more secrets that are scrubbed with it.
    """

    __slots__ = ("_patterns", "_text")

    def __init__(self, text: str, *others: str) -> None:
        self._text = text.strip()
        secrets = [each for each in (self._text, *others) if each]
        self._patterns = tuple(pattern for each in secrets for pattern in _patterns(each))

    def __repr__(self) -> str:
        """Return no key."""
        return "Key(***)"

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuse to be written anywhere."""
        raise TypeError("a key is not to be stored")

    def reveal(self) -> str:
        """Return the key itself."""
        return self._text

    def __bool__(self) -> bool:
        """Return whether there is anything to scrub."""
        return bool(self._patterns)

    def scrub(self, text: str) -> str:
        r"""Return ``text`` with the key replaced by stars, however a server may have written it.

        In capitals or small letters; every character as it is, percent-encoded (once or over and
        over, %2f or %2F), as ``\u002f`` or as an entity of HTML, mixed as one likes; the whole of it
        in hexadecimal digits, and in base64 (either alphabet), also as a part of a longer text.
        """
        for pattern in self._patterns:
            text = pattern.sub("***", text)
        return text


def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of all ways to write a key."""
    spelled = "".join(map(_spellings, key))
    if len(key) < _SHORT:
        return (re.compile(rf"(?<!\w){spelled}(?!\w)", re.IGNORECASE),)

    digits = key.encode("utf-8").hex()
    coded = "|".join(_base64(key.encode("utf-8"), shift) for shift in range(3))
    return re.compile(f"{spelled}|{digits}", re.IGNORECASE), re.compile(coded)


def _spellings(char: str) -> str:
    """Return a pattern of all ways to write a character."""
    code = ord(char)
    ways = [
        re.escape(char),
        "".join(f"%(?:25){{0,8}}{byte:02x}" for byte in char.encode("utf-8")),
        rf"\\{{1,8}}u0{{0,6}}{code:x}",
        f"&#0{{0,8}}{code};",
        f"&#x0{{0,8}}{code:x};",
    ]
    if code in _ENTITIES:
        ways.append(f"&(?:amp;){{0,4}}{_ENTITIES[code]};")
    if char == " ":
        ways.append(r"\+")
    return f"(?:{'|'.join(ways)})"


def _base64(key: bytes, shift: int) -> str:
    """Return a pattern of the digits that are the key's alone where ``shift`` bytes stand before it."""
    digits = base64.b64encode(bytes(shift) + key).decode("ascii")
    own = digits[-(-shift * 8 // 6) : (shift + len(key)) * 8 // 6]

    # the last two digits of the alphabet have other forms in addresses
    others = {"+": r"(?:[+-]|%2b)", "/": "(?:[/_]|%2f|%2F)"}
    return "".join(others.get(digit, digit) for digit in own)

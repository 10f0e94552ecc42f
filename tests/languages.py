"""What is English in a text that should be of another language."""

from __future__ import annotations

import re

#: What may be English there: what is quoted, commands (two spaces stand around them), and words of
#: code: names of files and settings, values, addresses.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'")
_COMMAND = re.compile(r" {2}\S.*?(?: {2}|$)")
_CODE = re.compile(r"[!-~]*[\d_./=:\\\[\]-][!-~]*")
#: In Chinese two English words in a row; in languages of Latin letters a word that only English has.
_WORDS = re.compile(r"(?<![A-Za-z])[a-z]{2,},? +[a-z]+(?![A-Za-z])")
_ONLY_ENGLISH = re.compile(
    r"\b(?:the|of|and|is|are|was|were|with|to|by|not|it|its|which|that|has|have|been|nobody"
    r"|this|each|every|they|served|within|nearest|unknown|without|there|others?|left|more|than)\b",
    re.IGNORECASE,
)


def english_in(text: str, language: str = "zh") -> str:
    """Return the first English words outside quotes and code; "" without any."""
    bare = _CODE.sub("#", _COMMAND.sub("#", _QUOTED.sub("“”", text)))
    found = (_WORDS if language == "zh" else _ONLY_ENGLISH).search(bare)
    return found[0] if found else ""

"""What is English in a text that should be Chinese."""

from __future__ import annotations

import re

#: What may be English there: what is quoted, commands (two spaces stand around them), and words of
#: code: names of files and settings, values, addresses.
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|'[^']*'")
_COMMAND = re.compile(r" {2}\S.*?(?: {2}|$)")
_CODE = re.compile(r"[!-~]*[\d_./=:\\\[\]-][!-~]*")
_WORDS = re.compile(r"(?<![A-Za-z])[a-z]{2,},? +[a-z]+(?![A-Za-z])")


def english_in(text: str) -> str:
    """Return the first two English words that follow each other outside quotes and code; "" without any."""
    bare = _CODE.sub("#", _COMMAND.sub("#", _QUOTED.sub("“”", text)))
    found = _WORDS.search(bare)
    return found[0] if found else ""

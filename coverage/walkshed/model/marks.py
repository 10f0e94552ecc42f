"""Characters that no text of ours holds, since terminals and pages would obey them: the one list.

They move a terminal's cursor and change its colors (C0, DEL, C1), turn the order of what is read
(the Unicode bidirectional controls: "Trojan Source", CVE-2021-42574), break lines unseen (U+2028,
U+2029), or cannot be written as UTF-8 or XML at all (lone surrogates, U+FFFE, U+FFFF).

Text is cleaned, or refused, where it comes in: tables (``inputs.tables.reading``), TOML
(``inputs.study.toml_text``), maps (``osm.raw``, ``osm.streets``), answers of servers (``outside.answers``).
It leaves to a terminal through ``console`` alone, which shows what is left as escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

#: Breaks of a line that are written without anybody's wish: they become a blank.
_BREAKS = "\v\f\x85\u2028\u2029"
#: The controls of direction, which are not seen: they are taken out. The marks for a single place
#: (U+200E, U+200F, U+061C) and the joiners of Arabic, Indic scripts and emoji are writing.
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
#: What no honest text holds. Tabs and plain line ends are none of it.
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"

_ANY = re.compile(f"[{_BREAKS}{_DIRECTION}{_CONTROL}]")
_REFUSED = re.compile(f"[{_CONTROL}]")
_SILENT = re.compile(f"[{_DIRECTION}]")
_BREAK = re.compile(f"[{_BREAKS}]")
#: On a terminal a carriage return overwrites what stands in the line.
_ON_TERMINAL = re.compile(f"[{_BREAKS}{_DIRECTION}{_CONTROL}\r]")


def is_plain(text: str) -> bool:
    """Return whether a text holds no such character."""
    return text.isprintable() or _ANY.search(text) is None


def is_refused(text: str) -> bool:
    """Return whether a text holds a character that can only stand there by mistake or by malice."""
    return not text.isprintable() and _REFUSED.search(text) is not None


def has_direction(text: str) -> bool:
    """Return whether a text holds a control of direction."""
    return not text.isprintable() and _SILENT.search(text) is not None


def plain(text: str) -> str:
    """Return a text without such characters; breaks become a blank. Nothing else is changed."""
    if is_plain(text):
        return text
    return _ANY.sub("", _BREAK.sub(" ", text))


def plain_values(value: Any, change: Callable[[str], str] = plain) -> Any:  # noqa: ANN401 (JSON)
    """Return JSON with every text in it, keys too, cleaned (or whatever ``change`` does)."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [plain_values(item, change) for item in value]
    if isinstance(value, dict):
        return {change(key): plain_values(item, change) for key, item in value.items()}
    return value


def escaped(text: str) -> str:
    r"""Return a text in which such characters are shown as Python writes them: ``\x1b``, ``\u202e``."""
    if text.isprintable():
        return text
    return _ON_TERMINAL.sub(lambda mark: _shown(ord(mark[0])), text)


def escaped_json(text: str) -> str:
    r"""Return JSON text in which such characters are escaped as JSON has it: ``\u001b``."""
    return _ANY.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def _shown(code: int) -> str:
    """Return a character's escape."""
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

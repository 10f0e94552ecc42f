"""The shapes of the page's data in the words of TypeScript, which checks the page's scripts by them.

``python -m walkshed.maps.described.typescript .`` writes them beside the scripts of a checkout.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import (
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from walkshed.maps.described import payload

PLACE = Path("coverage", "walkshed", "maps", "browser", "payload.d.ts")
HEAD = "/* What the page's data are made of: written by maps/described/typescript.py. */\n"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", Any: "any"}


def declarations() -> str:
    """Return one interface for each shape of the payload, in the order of the module."""
    shapes = [
        shape
        for shape in vars(payload).values()
        if is_typeddict(shape) and shape.__module__ == payload.__name__
    ]
    return HEAD + "".join(f"\n{_interface(shape)}" for shape in shapes)


def _interface(shape: type) -> str:
    """Return a shape with its words and keys."""
    own = shape.__doc__ or ""
    words = "" if own.startswith("dict(") or not own else f"/** {own} */\n"
    optional: frozenset[str] = getattr(shape, "__optional_keys__", frozenset())
    keys = "".join(
        f"  {key}{'?' if _is_optional(key, hint, optional) else ''}: {_said(hint)};\n"
        for key, hint in get_type_hints(shape, include_extras=True).items()
    )
    return f"{words}export interface {shape.__name__} {{\n{keys}}}\n"


def _is_optional(key: str, hint: object, optional: frozenset[str]) -> bool:
    """Return whether a key may be missing; a postponed annotation shows it in the hint alone."""
    return get_origin(hint) is NotRequired or key in optional


def _said(hint: object) -> str:
    """Return a type of Python in TypeScript."""
    origin, within = get_origin(hint), get_args(hint)
    if hint is type(None):
        return "null"
    if origin is NotRequired:
        return _said(within[0])
    if origin is Literal:
        return " | ".join(f'"{one}"' if isinstance(one, str) else str(one) for one in within)
    if origin is list:
        inner = _said(within[0])
        return f"({inner})[]" if " | " in inner and inner[-1] != "]" else f"{inner}[]"
    if origin is tuple:
        return f"[{', '.join(map(_said, within))}]"
    if origin is dict:
        return f"Record<string, {_said(within[1])}>"
    if origin in (Union, types.UnionType):
        return " | ".join(dict.fromkeys(map(_said, within)))
    return PLAIN[hint] if hint in PLAIN else getattr(hint, "__name__", str(hint))


if __name__ == "__main__":
    Path(sys.argv[1]).joinpath(PLACE).write_text(declarations(), encoding="utf-8", newline="\n")

"""The page's modules as one classic script, which any browser runs from a file without loading any.

Styles stand beside the modules whose part of the page they dress, and are joined as these are.

They are joined when a page is written, not when a wheel is built: so an editable install, a wheel
and a checkout write the same page from the same sources, and nothing can be out of date. Of
JavaScript's modules the joiner knows what ours use, by whole lines: ``import { a, b } from "./c.js"``
at the top, ``export function`` and ``export const``. The linter holds modules to that.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function (\w+)|const (\w+))", re.MULTILINE)
#: What is left of a module's own words once those above are taken out.
_UNKNOWN = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
#: Comments that stand on lines of their own, those that end one, and the types of what follows:
#: reasons and types are not read by browsers.
_COMMENT = re.compile(
    r"^[ \t]*/\*(?:(?!\*/).)*\*/\n|[ \t]+/\*[^*\n]*\*/$|/\*\* @type [^*\n]*\*/ ",
    re.DOTALL | re.MULTILINE,
)
#: How lines are set in and apart: for readers alone, as no text goes over two lines.
_INDENT = re.compile(r"^\s+", re.MULTILINE)

#: Styles that stand beside no module, or not in its place: what all others name and build on comes
#: first, what a narrow window, paper and a slide change comes last.
FIRST_STYLES = ("tokens.css", "shared/page.css")
LAST_STYLES = ("shared/narrow.css", "shared/print.css", "shared/slide.css")


@dataclass(frozen=True, slots=True)
class Module:
    """A file of the page's program: what it takes, by module, what it gives, and the rest."""

    name: str
    taken: tuple[tuple[str, str], ...]  # module → its names, as they stand between the braces
    given: tuple[str, ...]
    text: str


@cache
def joined(*entries: str) -> str:
    """Return ``walkshed``, which holds what the entries export, as one script.

    Modules stand once each, after those that they import. ``ValueError`` where one imports
    itself by way of others, or a name that is not exported.
    """
    order: dict[str, Module] = {}
    for entry in entries:
        _add(entry, order, ())
    symbols = {name: f"${number}" for number, name in enumerate(order)}
    given = ", ".join(f"...{symbols[entry]}" for entry in entries)
    modules = "".join(_wrapped(module, symbols) for module in order.values())
    return f'var walkshed = (() => {{\n"use strict";\n{modules}return {{ {given} }};\n}})();\n'


@cache
def modules_of(*entries: str) -> tuple[str, ...]:
    """Return the names of the modules that the entries need, each after those that it imports."""
    order: dict[str, Module] = {}
    for entry in entries:
        _add(entry, order, ())
    return tuple(order)


@cache
def stylesheets(*entries: str) -> tuple[str, ...]:
    """Return the names of the styles that the modules of some entries need, in order.

    A module's own stand beside it, under its name.
    """
    beside = (name.removesuffix(".js") + ".css" for name in modules_of(*entries))
    own = (name for name in beside if name not in LAST_STYLES and _file(name).is_file())
    return (*FIRST_STYLES, *own, *LAST_STYLES)


def _add(name: str, order: dict[str, Module], above: tuple[str, ...]) -> None:
    """Add a module to those in order, behind all that it imports."""
    if name in order:
        return
    if name in above:
        circle = " → ".join((*above[above.index(name) :], name))
        raise ValueError(f"modules import each other: {circle}")

    module = read_module(name, source(name))
    for other, names in module.taken:
        _add(other, order, (*above, name))
        missing = {one.split(" as ")[0].strip() for one in names.split(",")}
        missing -= {*order[other].given, ""}
        if missing:
            raise ValueError(f"{name} imports {sorted(missing)}, which {other} does not export")
    order[name] = module


def read_module(name: str, text: str) -> Module:
    """Return a module by its source, without comments that fill lines, and lines flush left."""
    text = _INDENT.sub("", _COMMENT.sub("", text))
    room = posixpath.dirname(name)
    taken = tuple(
        (posixpath.normpath(posixpath.join(room, path)), " ".join(names.split()).rstrip(", "))
        for names, path in _IMPORT.findall(text)
    )
    given = tuple(one or other for one, other in _EXPORT.findall(text))
    text = _EXPORT.sub("", _IMPORT.sub("", text))
    unknown = _UNKNOWN.search(text)
    if unknown is not None:
        raise ValueError(f"{name} has a line that is not joined: {unknown.group()!r}")
    return Module(name, taken, given, text.strip("\n"))


def _wrapped(module: Module, symbols: Mapping[str, str]) -> str:
    """Return a module as a constant that holds what it exports; its other names are its own."""
    taken = "".join(
        f"const {{ {names.replace(' as ', ': ')} }} = {symbols[other]};\n"
        for other, names in module.taken
    )
    given = ", ".join(module.given)
    return (
        f"const {symbols[module.name]} = (() => {{\n{taken}{module.text}\n"
        f"return {{ {given} }};\n}})();\n"
    )


@cache
def source(name: str) -> str:
    """Return the text of a file of the page's program, styles and shell."""
    return _file(name).read_text(encoding="utf-8")


def _file(name: str) -> Traversable:
    return files("walkshed.maps").joinpath("browser", *name.split("/"))

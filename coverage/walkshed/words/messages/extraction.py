"""The messages that stand in the code, found by reading it; and the catalogs brought up to date with them.

``python -m walkshed.words.messages.extraction .`` in a checkout adds what a catalog lacks, without a
translation, takes out what the code no longer says, and writes ``docs/messages-zh.md``.
"""

from __future__ import annotations

import ast
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]
_CATALOGS = _PACKAGE / "model" / "catalogs"
#: Rooms and modules whose sentences stand in both languages, or that no planner reads: of theirs
#: only what is made a Message is one.
_OTHER_WORDS = re.compile(
    r"words/.*|maps/(payload|browser)/.*|maps/(parts|figure)\.py|model/labels\.py|needs/measures/.*"
    r"|reports/(columns|registry|declared|dictionary)\.py|reports/layers/.*"
    r"|verbs/templates\.py|verbs/draft/files\.py"
)
#: Calls and keywords whose texts are no messages.
_OTHER_CALLS = frozenset(
    {"Label", "compile", "execute", "executemany", "filterwarnings", "search", "split", "sub"}
    | {"match", "fullmatch", "FileForm", "startswith", "endswith", "getLogger", "Thread"}
)
_OTHER_KEYWORDS = frozenset({"attribution", "encoding", "name", "zh", "en"})
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Style sheets and markup, projections, queries: words for programs.
_MARKUP = re.compile(
    r"[\w-]+:[^ ;]+;[\w-]+:|<\w+ |\+\w+=|\b(?:SELECT|CREATE|INSERT|UPDATE|DELETE)\b"
)
#: Patterns, and what a file or a request of ours begins with: "walkshed answers 1".
_PATTERN = re.compile(r"\(\?:|\w\|[\w ]+\|\w|^walkshed (?:\w+ \d+|\(\{\w+\}\))$")
#: Two English words or more, or marks between parts of a list.
_SENTENCE = re.compile(r"[a-z]{2,} +[a-z({]|[a-z]{2,}[,:;)] +\S|[{}] [a-z]{2,}|[a-z]{2,} [{]")


def messages_in_code() -> dict[str, str]:
    """Return {template: the module in which it stands first}, sorted by module and line."""
    found: dict[str, str] = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        module = path.relative_to(_PACKAGE).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for text in _messages(tree, sentences=_OTHER_WORDS.fullmatch(module) is None):
            found.setdefault(text, module)
    return found


def _messages(tree: ast.Module, *, sentences: bool) -> Iterator[str]:
    """Yield the templates of messages and, if asked for, the other sentences that are no docstrings."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        holder = above[node]
        if isinstance(holder, ast.Expr) and _is_verb(above[holder]):
            yield from (" ".join(part.split()) for part in node.value.split("\n\n"))
        if _is_template(node, holder) or _is_mark(node, holder):
            yield node.value
        if sentences and _is_sentence(node.value) and not _is_no_message(holder, above):
            yield node.value


def _is_verb(function: ast.AST) -> bool:
    """Return whether a function is a verb of the command line, whose docstring is its help."""
    decorators = getattr(function, "decorator_list", [])
    calls = (one.func for one in decorators if isinstance(one, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr == "command" for call in calls)


def _is_sentence(text: str) -> bool:
    """Return whether a text is made of words for people."""
    is_for_programs = _MARKUP.search(text) or _PATTERN.search(text)
    return _SENTENCE.search(text) is not None and not is_for_programs


def _is_template(node: ast.Constant, holder: ast.AST) -> bool:
    """Return whether a text is what a Message is made of."""
    return (
        isinstance(holder, ast.Call)
        and isinstance(holder.func, ast.Name)
        and holder.func.id == "Message"
        and holder.args[:1] == [node]
    )


def _is_mark(node: ast.Constant, holder: ast.AST) -> bool:
    """Return whether a text stands between the parts of a Listing, or would where none is named."""
    if not str(node.value).strip():
        return False
    if isinstance(holder, ast.keyword):
        return holder.arg == "mark"
    return isinstance(holder, ast.arguments) and any(
        argument.arg == "mark" and default is node
        for argument, default in zip(holder.kwonlyargs, holder.kw_defaults, strict=True)
    )


def _is_no_message(holder: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Return whether a text is a docstring, a part of an f-string, or an argument of something else."""
    if isinstance(holder, (ast.Expr, ast.JoinedStr, ast.FormattedValue, ast.Compare, ast.Set)):
        return True
    if isinstance(holder, (ast.Tuple, ast.List)) and any(map(_is_chinese, holder.elts)):
        return True  # words that planners may write, in both languages
    if isinstance(holder, ast.keyword) and holder.arg in _OTHER_KEYWORDS:
        return True
    call = above.get(holder) if isinstance(holder, ast.keyword) else holder
    if not isinstance(call, ast.Call):
        return False
    if any(map(_is_chinese, call.args)):
        return True
    function = call.func
    called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return called in _OTHER_CALLS


def _is_chinese(argument: ast.AST) -> bool:
    """Return whether an argument is a Chinese text: what stands beside it says the same in English."""
    parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
    text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
    return _CHINESE.search(text) is not None and _SENTENCE.search(text) is None


def update(path: Path) -> tuple[int, int]:
    """Bring a catalog up to date; return how many messages it has, and how many untranslated."""
    import polib

    translated = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}

    newer = polib.POFile(wrapwidth=0)
    newer.metadata = {"Language": path.stem, "Content-Type": "text/plain; charset=UTF-8"}
    for text, module in messages_in_code().items():
        newer.append(
            polib.POEntry(msgid=text, msgstr=translated.get(text, ""), occurrences=[(module, "")])
        )
    newer.save(str(path), newline="\n")
    return len(newer), len(newer.untranslated_entries())


def page_text(path: Path) -> str:
    """Return a catalog as a page to read: every message in English and in its language, by module."""
    import polib

    lines = [
        f"# Messages: {path.stem}",
        "",
        "This page is made by `python -m walkshed.words.messages.extraction .`; do not edit it,",
        f"but `coverage/walkshed/model/catalogs/{path.name}`.",
    ]
    module = ""
    for entry in polib.pofile(str(path)):
        (here, _), *_ = entry.occurrences
        if here != module:
            module = here
            lines += ["", f"## {module}", "", f"| en | {path.stem} |", "|---|---|"]
        cells = (_cell(entry.msgid), _cell(entry.msgstr))
        lines.append(f"| {cells[0]} | {cells[1]} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return a text as a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", "⏎").replace("<", "&lt;")


def main() -> None:
    """Bring every catalog up to date, and the pages of a checkout; say how many messages lack a translation."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for path in sorted(_CATALOGS.glob("*.po")):
        count, lacking = update(path)
        logging.getLogger(__name__).info(
            "%s: %d messages, %d without a translation", path.name, count, lacking
        )
        for folder in map(Path, sys.argv[1:]):
            page = folder / "docs" / f"messages-{path.stem}.md"
            page.write_text(page_text(path), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

"""What is said in the code, found by reading it; and the catalogs brought up to date with it.

``python -m walkshed.words.messages.extraction .`` in a checkout adds what a catalog lacks, without a
translation, takes out what the code no longer says, and writes ``docs/messages-zh.md`` and the like.
The catalog of a language that labels carry themselves has the messages alone; any other has the
labels, too, and the names of what ships with the package.
"""

from __future__ import annotations

import ast
import logging
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from walkshed.model.labels import LABELED
from walkshed.words.messages.saying import COMMENT

_PACKAGE = Path(__file__).resolve().parents[2]
_CATALOGS = _PACKAGE / "model" / "catalogs"
#: The studies that ship with it.
_STUDIES = _PACKAGE.parents[1] / "data"
#: Rooms and modules whose sentences stand in both languages, or that no planner reads: of theirs
#: only what is made a Message is one.
_OTHER_WORDS = re.compile(
    r"words/.*|maps/(payload|browser|described)/.*|maps/(parts|figure)\.py"
    r"|model/labels\.py|needs/measures/.*"
    r"|reports/(columns|registry|declared|dictionary)\.py|reports/layers/.*"
    r"|verbs/templates\.py|verbs/draft/files\.py"
)
#: Calls and keywords whose texts are no messages.
_OTHER_CALLS = frozenset(
    {"Label", "compile", "execute", "executemany", "filterwarnings", "search", "split", "sub"}
    | {
        "match",
        "fullmatch",
        "FileForm",
        "startswith",
        "endswith",
        "getLogger",
        "Thread",
        "further_words",
    }
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


def texts_for(language: str) -> dict[str, str]:
    """Return {English text: the module or file in which it stands first} of all that a catalog must have."""
    found = messages_in_code()
    if language in LABELED:
        return found
    labels = _labels_in_code() | _names_in_data() | _comments_in_templates()
    return found | {text: module for text, module in labels.items() if text not in found}


def _labels_in_code() -> dict[str, str]:
    """Return {English text: module} of labels, sorted by module and line."""
    found: dict[str, str] = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        module = path.relative_to(_PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            if node.func.id != "Label" or len(node.args) != len(LABELED):
                continue
            english = node.args[LABELED.index("en")]
            if isinstance(english, ast.Constant) and english.value:
                found.setdefault(str(english.value), module)
    return found


def _names_in_data() -> dict[str, str]:
    """Return {English text: file} of what the package's own tables say in Chinese and English."""
    found: dict[str, str] = {}
    tables = [path for path in _PACKAGE.rglob("*.toml") if path.parent.name != "templates"]
    for path in [*sorted(tables), *sorted(_STUDIES.glob("*/*.toml"))]:
        rows = [tomllib.loads(path.read_text(encoding="utf-8"))]
        while rows:
            row = rows.pop(0)
            nested = [each for value in row.values() for each in _listed(value)]
            rows += [each for each in nested if isinstance(each, dict)]
            for key, text in row.items():
                chinese = re.sub(r"en$", "zh", key)
                if chinese != key and isinstance(row.get(chinese), str) and text:
                    found.setdefault(text, _within(path))
    return found


def _comments_in_templates() -> dict[str, str]:
    """Return {English text: file} of the comments of the files that are drafted."""
    return {
        found[2]: _within(path)
        for path in sorted(_PACKAGE.rglob("templates/*.en.toml"))
        for found in COMMENT.finditer(path.read_text(encoding="utf-8"))
    }


def _within(path: Path) -> str:
    """Return a path within the package, or among its studies."""
    root = _PACKAGE if path.is_relative_to(_PACKAGE) else _STUDIES.parent
    return path.relative_to(root).as_posix()


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


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
    """Bring a catalog up to date; return how many texts it has, and how many untranslated.

    Comments at its head stay.
    """
    import polib

    known = polib.pofile(str(path))
    translated = {entry.msgid: entry.msgstr for entry in known}

    newer = polib.POFile(wrapwidth=0)
    newer.header = known.header
    newer.metadata = {"Language": path.stem, "Content-Type": "text/plain; charset=UTF-8"}
    for text, module in texts_for(path.stem).items():
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

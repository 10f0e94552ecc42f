"""The messages that stand in the code, found by reading it; and the catalogs brought up to date with them.

``python -m walkshed.words.messages.extraction`` in a checkout adds what a catalog lacks, without a
translation, and takes out what the code no longer says.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from walkshed.words.messages.catalog import CATALOGS

_PACKAGE = Path(__file__).resolve().parents[2]
#: Rooms and modules whose sentences stand in both languages, or that no planner reads.
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
#: Two English words or more, or marks between parts of a list.
_SENTENCE = re.compile(r"[a-z]{2,} +[a-z({]|[a-z]{2,}[,:;)] +\S|[{}] [a-z]{2,}|[a-z]{2,} [{]")


def messages_in_code() -> dict[str, str]:
    """Return {template: the module in which it stands first}, sorted by module and line."""
    found: dict[str, str] = {}
    for path in sorted(_PACKAGE.rglob("*.py")):
        module = path.relative_to(_PACKAGE).as_posix()
        if _OTHER_WORDS.fullmatch(module):
            continue
        for text in _messages(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(text, module)
    return found


def _messages(tree: ast.Module) -> Iterator[str]:
    """Yield the templates of messages, and the other sentences that are no docstrings."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        holder = above[node]
        if _is_template(node, holder) or (
            _SENTENCE.search(node.value) and not _is_no_message(holder, above)
        ):
            yield node.value


def _is_template(node: ast.Constant, holder: ast.AST) -> bool:
    """Return whether a text is what a Message is made of."""
    return (
        isinstance(holder, ast.Call)
        and isinstance(holder.func, ast.Name)
        and holder.func.id == "Message"
        and holder.args[:1] == [node]
    )


def _is_no_message(holder: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Return whether a text is a docstring, a part of an f-string, or an argument of something else."""
    if isinstance(holder, (ast.Expr, ast.JoinedStr, ast.FormattedValue, ast.Compare, ast.Set)):
        return True
    if isinstance(holder, ast.keyword) and holder.arg in _OTHER_KEYWORDS:
        return True
    call = above.get(holder) if isinstance(holder, ast.keyword) else holder
    if not isinstance(call, ast.Call):
        return False
    function = call.func
    called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
    return called in _OTHER_CALLS


def update(language: str) -> None:
    """Bring the catalog of a language up to date."""
    import polib

    path = Path(__file__).with_name(f"{language}.po")
    older = polib.pofile(str(path)) if path.exists() else []
    translated = {entry.msgid: entry.msgstr for entry in older}

    newer = polib.POFile(wrapwidth=0)
    newer.metadata = {"Language": language, "Content-Type": "text/plain; charset=UTF-8"}
    for text, module in messages_in_code().items():
        newer.append(
            polib.POEntry(msgid=text, msgstr=translated.get(text, ""), occurrences=[(module, "")])
        )
    newer.save(str(path), newline="\n")


if __name__ == "__main__":
    for language in CATALOGS:
        update(language)

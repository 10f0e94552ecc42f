"""The data dictionary: every file and column that walkshed writes, in both languages, told from the registry.

``python -m walkshed.reports.dictionary .`` in a checkout writes ``docs/data-dictionary.md`` and the
list of files in ``maps/README.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from walkshed.model.labels import LANGUAGES, Label
from walkshed.reports.declared import Column, heads_zh
from walkshed.reports.registry import (
    COMPARISON_TABLES,
    FILES,
    LAYERS,
    SITE_TABLES,
    TABLES,
    File,
    Table,
)

DICTIONARY = "docs/data-dictionary.md"
MAPS = "maps/README.md"
_HEAD = """# 数据字典 · Data dictionary

本页由 `python -m walkshed.reports.dictionary .` 生成，请勿手改。列只增不改名。
This page is made by `python -m walkshed.reports.dictionary .`; do not edit it.
Columns may be appended, never renamed.

CSV 为带 BOM 的 UTF-8。空格表示没有此值。名称中的 `<…>` 代表每项各有一列。
CSV is UTF-8 with a byte order mark. An empty cell is a value that does not exist.
`<…>` in a name stands for one column of each.

`[run] table_language = "zh"` 时 CSV 用中文列名；单元格里的编号和代码不变。
With `[run] table_language = "zh"` CSV files have the Chinese names (中文列名); ids and codes in cells
stay.

数字列一律为米、平方米和 24 小时制，与 `[study] units`、`clock` 无关；句子（原因、对策、说明）按其单位书写。
Columns of numbers are meters, square meters and 24 hours, whatever `[study] units` and `clock` say;
sentences (reasons, cures, explanations) are in those units.
"""


def dictionary_text() -> str:
    """Return the data dictionary as Markdown."""
    parts = [_HEAD, "## 文件 · Files\n", *files_table(LANGUAGES)]
    parts += ["", "## 一次运行的表 · Tables of a run", *_sections(TABLES)]
    parts += ["", "## layers.gpkg 的图层 · Layers of layers.gpkg", *_sections(LAYERS)]
    parts += ["", "## 选址的表 · Tables of walkshed site", *_sections(SITE_TABLES)]
    parts += ["", "## 比较的表 · Tables of walkshed compare", *_sections(COMPARISON_TABLES)]
    return "\n".join(parts) + "\n"


def files_table(languages: Sequence[str]) -> list[str]:
    """Return the lines of a Markdown table of all files of a folder of results, in some languages."""
    heads = (Label("写出", "written"), Label("内容", "what it is"))
    titles = [head.in_(language) for language in languages for head in heads]
    lines = [_row("file", *titles), _row(*["---"] * (len(titles) + 1))]
    for each in FILES:
        cells = [text for language in languages for text in _words(each, language)]
        lines.append(_row(f"`{each.file}`", *cells))
    return lines


def _words(file: File, language: str) -> tuple[str, str]:
    when, what = Label(file.when.zh, file.when.en), Label(file.zh, file.en)
    return when.in_(language), what.in_(language)


def _sections(tables: Sequence[Table]) -> Iterator[str]:
    """Yield the lines of a section for each table."""
    for each in tables:
        yield f"\n### {each.layer or each.file}\n"
        yield f"{each.zh}（{each.when.zh}）。\n"
        yield f"{each.en[0].upper()}{each.en[1:]} ({each.when.en}).\n"
        yield _row("column", "中文列名", "类型", "type", "digits", "含义", "meaning")
        yield _row(*["---"] * 7)
        heads = heads_zh(each.declared())
        yield from (_line(column, heads[column.name]) for column in each.declared())


def _line(column: Column, head: str) -> str:
    kind = column.kind
    digits = "" if kind.digits is None else str(kind.digits)
    zh, en = column.zh, column.en
    if column.sometimes is not None:
        zh, en = f"{zh}（{column.sometimes.zh}）", f"{en} ({column.sometimes.en})"
    return _row(f"`{column.name}`", head, kind.zh, kind.en, digits, zh, en)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def with_files(page: str) -> str:
    """Return a page in which the one table lists all files of a folder of results."""
    before, _, rest = page.partition("\n|")
    _, _, after = rest.rpartition("|\n")
    return "\n".join([before, *files_table(("en",)), after])


def main(checkout: Path) -> None:
    """Write the dictionary and the list of files into a checkout."""
    maps = (checkout / MAPS).read_text(encoding="utf-8")
    for name, text in ((DICTIONARY, dictionary_text()), (MAPS, with_files(maps))):
        (checkout / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

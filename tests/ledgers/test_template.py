"""The template's sheets of ledgers: read by their names, silent while empty, their examples read as they are."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from ledgers.town import write
from walkshed import cli
from walkshed.inputs.study.specs import LEDGERS
from walkshed.inputs.tables.table import match_column
from walkshed.inputs.tables.workbook import sheets_called
from walkshed.model.labels import EXAMPLE, LANGUAGES
from walkshed.model.town.ledgers import Ledgers
from walkshed.study import read_study
from walkshed.words.studies.workbooks import LEDGER_SHEETS, WORKBOOK

#: A station, a service and a block of the study.
NAMES = {
    "zh": ("祁连党群服务中心", "长者助餐", "祁连花园"),
    "en": ("Qilian center", "Meals for older people", "Qilian gardens"),
    "pt": ("Centro Qilian", "Refeições para pessoas idosas", "Residencial Qilian"),
}
BOOKS = [(language, WORKBOOK.in_(language)) for language in LANGUAGES]


def study(folder: Path, language: str, book: str) -> Path:
    """Write a study that keeps its ledgers in the template's workbook."""
    told = CliRunner().invoke(cli.app, ["--lang", language, "template", str(folder / "template")])
    assert told.exit_code == 0, told.output
    station, service, block = NAMES[language]
    stations = [("S1", 100, station, "center", "meals", "all", "Mo-Fr 08:00-18:00")]
    blocks = [("B1", 0, block, 100, "", ""), ("B2", 500, "B2", 100, "", "")]
    toml = f'[ledgers]\nfile = "{book}"\n'
    written = write(folder / "study", stations=stations, blocks=blocks, toml=toml)
    text = (written / "study.toml").read_text(encoding="utf-8")
    text = text.replace('zh = "助餐"', f'zh = "{service}"')
    (written / "study.toml").write_text(text, encoding="utf-8")
    (written / book).write_bytes((folder / "template" / book).read_bytes())
    return written


@pytest.mark.parametrize(("language", "book"), BOOKS)
def test_sheets_left_empty_say_nothing(tmp_path: Path, language: str, book: str) -> None:
    inputs = read_study(study(tmp_path, language, book)).inputs
    assert (inputs.ledgers, inputs.notes) == (Ledgers(), ())


@pytest.mark.parametrize(("language", "book"), BOOKS)
def test_every_sheet_is_a_ledger_and_every_column_is_read(
    tmp_path: Path, language: str, book: str
) -> None:
    pages = openpyxl.load_workbook(study(tmp_path, language, book) / book)
    assert len(LEDGERS) == len(LEDGER_SHEETS)
    for spec, (name, columns) in zip(LEDGERS, LEDGER_SHEETS, strict=True):
        assert sheets_called([name.in_(language)], spec.kind) == [name.in_(language)]
        page = pages[name.in_(language)]
        heads = [cell.value for cell in page[1]]
        assert heads == [column.name.in_(language) for column in columns]
        assert None not in [match_column(head, spec.kind) for head in heads]
        hints = page.data_validations.dataValidation
        assert len(hints) == len(columns)
        assert sum(hint.type == "list" for hint in hints) == sum(bool(c.choices) for c in columns)


@pytest.mark.parametrize(("language", "book"), BOOKS)
def test_every_example_is_read_as_it_is(tmp_path: Path, language: str, book: str) -> None:
    folder = study(tmp_path, language, book)
    pages = openpyxl.load_workbook(folder / book)
    station, _, block = NAMES[language]
    called = {
        EXAMPLE["station"].in_(language): station,
        EXAMPLE["block"].in_(language): block,
        EXAMPLE["community"].in_(language): "祁连社区",
    }
    for name, columns in LEDGER_SHEETS:
        examples = [str(column.example_in(language)) for column in columns]
        pages[name.in_(language)].append([called.get(text, text) for text in examples])
    pages.save(folder / book)
    kept = read_study(folder).inputs.ledgers
    assert all(getattr(kept, spec.kind) for spec in LEDGERS)

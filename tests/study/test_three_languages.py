"""The sample town door to window in three languages, in meters and in feet: equal figures, whole sentences."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

import walkshed as ws
from languages import english_in
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.reports.registry import TABLES, Table

DATA = Path(__file__).parents[2] / "data" / "gucheng"
OFFICES = [("zh", "metric"), ("en", "metric"), ("pt", "us")]
#: Columns of sentences and of names that have a word in each language; all others are figures and ids.
WORDED = frozenset(
    [
        "cure",
        "why",
        "what",
        "source",
        "clause",
        "name",
        "services_failing",
        "services_to_check",
        "before",
        "after",
        "now",
        "limits_before",
        "limits_after",
        "walker_before",
        "walker_after",
        "verdict_before",
        "verdict_after",
        "served_when",
    ]
)


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Findings]:
    """Return the findings as each office words them."""
    found = {}
    for language, units in OFFICES:
        folder = tmp_path_factory.mktemp("town") / "gucheng"
        shutil.copytree(DATA, folder)
        file = folder / "window.toml"
        text = file.read_text("utf-8")
        assert 'language = "zh"' in text
        stated = f'language = "{language}"\nunits = "{units}"'
        file.write_text(text.replace('language = "zh"', stated), "utf-8")
        found[language, units] = ws.read_study(file).run()
    return found


def figures_of(table: Table, findings: Findings) -> pd.DataFrame:
    """Return a table without its words."""
    frame = table.made_of(findings.results)
    return frame.drop(columns=[name for name in frame.columns if name in WORDED | {"geometry"}])


def test_every_table_has_the_same_figures(offices: dict[tuple[str, str], Findings]) -> None:
    first = offices["zh", "metric"]
    held = [each for each in TABLES if each.when.holds(first.results)]
    assert len(held) > 8
    for each in held:
        expected = figures_of(each, first)
        assert len(expected)
        for office, findings in offices.items():
            told = f"{each.file} {office}"
            pd.testing.assert_frame_equal(figures_of(each, findings), expected, obj=told)


def test_summaries_have_the_same_figures(offices: dict[tuple[str, str], Findings]) -> None:
    """People, blocks and shares of every line, whatever marks a language writes numbers with."""

    def figures(findings: Findings) -> list[list[str]]:
        lines = findings.summary_lines()
        numbers = [re.findall(r"\d[\d.,]*\d|\d", line) for line in lines[1:]]
        return [sorted(re.sub(r"[.,]", "", each) for each in line) for line in numbers]

    expected = figures(offices["zh", "metric"])
    for findings in offices.values():
        assert figures(findings) == expected


@pytest.mark.parametrize("office", [each for each in OFFICES if each[0] != "en"])
def test_no_sentence_is_english(
    office: tuple[str, str], offices: dict[tuple[str, str], Findings]
) -> None:
    language, _ = office
    page = build_payload(offices[office].results)
    texts = [
        *offices[office].summary_lines(),
        *(text for of in page["judgments"]["texts"][language].values() for text in of),
        *(rule["texts"][language] for service in page["services"] for rule in service["rules"]),
    ]
    assert len(texts) > 20
    for text in texts:
        # the page fills in names and numbers
        assert not english_in(re.sub(r"\{\w+\}", "", text), language), text

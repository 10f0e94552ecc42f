"""The same study as offices of two countries word it: other words and units, the same figures."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import walkshed as ws
from walkshed.errors import InputFaultsError
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload

DATA = Path(__file__).parents[2] / "data" / "gucheng"
US = """
[labels]
micro = { en = "Clinic", zh = "诊所" }
block = { en = ["census block", "census blocks"], zh = "街区" }
station = ["site", "sites"]
community = { en = ["<b>neighborhood</b>", "neighborhoods"] }
old = { en = "Older housing" }
"""


def study(folder: Path, *, added: str = "", units: str = "", language: str = "en") -> Path:
    """Return a copy of the sample town in a language, with what is added to study.toml."""
    shutil.copytree(DATA, folder)
    file = folder / "study.toml"
    text = file.read_text("utf-8").replace('language = "zh"', f'language = "{language}"{units}')
    file.write_text(text + added, "utf-8")
    return folder


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Findings, Findings]:
    """Return the findings in meters and our words, and in feet and an office's own."""
    folder = tmp_path_factory.mktemp("office")
    units = '\nunits = "us"\nclock = 12\ncurrency = "$"'
    plain = ws.read_study(study(folder / "plain")).run()
    return plain, ws.read_study(study(folder / "us", added=US, units=units)).run()


def test_figures_are_the_same(both: tuple[Findings, Findings]) -> None:
    """Every column of coverage.csv but the words of the cure; meters stay meters."""
    plain, us = (found.coverage for found in both)
    named = ["cure", "kind"]
    assert plain.drop(columns=named).equals(us.drop(columns=named))
    figures = [re.findall(r"\d[\d,]*", line) for found in both for line in found.summary_lines()]
    half = len(figures) // 2
    assert figures[:half] == figures[half:]


def test_words_on_the_page_and_in_the_summary(both: tuple[Findings, Findings]) -> None:
    """Tiers, kinds, blocks and stations are called as the office calls them, in each language."""
    _, us = both
    page = build_payload(us.results)["words"]
    assert page["en"]["tier"]["micro"] == "Clinic"
    assert page["zh"]["tier"]["micro"] == "诊所"
    assert page["en"]["kind"]["old"] == "Older housing"
    assert page["en"]["page"]["failing_blocks"] == "census blocks below standard"
    assert page["zh"]["page"]["failing_blocks"] == "不达标街区"
    assert "census blocks" in " ".join(us.summary_lines())
    assert not re.search(r"(?<!census )\bblocks?\b", " ".join(us.summary_lines()))


def test_lengths_on_the_page(both: tuple[Findings, Findings]) -> None:
    """Rules, reasons and cures in feet, with the meters of the rule; Chinese likewise."""
    plain, us = (build_payload(found.results) for found in both)
    assert plain["words"]["en"]["lengths"]["units"] == "metric"
    assert us["words"]["zh"]["lengths"]["units"] == "us"
    (rule,) = {rule["texts"]["en"] for each in us["services"] for rule in each["rules"]}
    assert rule.startswith("1,640 ft (500 m) on foot along streets")
    meters = re.compile(r"\d m\b|\d米")
    for language in ("en", "zh"):
        texts = us["judgments"]["texts"][language]
        assert not [text for texts in texts.values() for text in texts if meters.search(text)]


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ('mico = "Clinic"', "did you mean 'micro'?"),
        ("micro = 3", "cannot be a label"),
        ('micro = "{n}"', "cannot be a label"),
        ('block = ["a", "b", "c"]', "cannot be a label"),
        ('micro = { eng = "Clinic" }', "is not a language that walkshed speaks"),
    ],
)
def test_faults(tmp_path: Path, labels: str, told: str) -> None:
    """An unknown key, what is no word, and an unknown language, each with its line."""
    folder = study(tmp_path / "s", added=f"\n[labels]\n{labels}\n")
    with pytest.raises(InputFaultsError) as caught:
        ws.read_study(folder)
    (fault,) = caught.value.faults
    assert told in str(fault)
    assert fault.row is not None

"""Hours of which it is not known whether they hold at the moment: said on terminal and pages, public ones, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from small import table, write_study
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.study import read_study

TOML = """
[[services]]
id = "law"
zh = "调解"
en = "Law"
[run]
at = "{at}"
"""


def run(folder: Path, hours: str, at: str, language: str = "zh") -> Findings:
    stations = table("name,services,hours", [("甲站", 100, "law", f'"{hours}"')])
    blocks = table("name,people", [("甲苑", 100, 10)])
    toml = TOML.format(at=at)
    made = write_study(folder, stations=stations, blocks=blocks, toml=toml, language=language)
    return read_study(made).run()


@pytest.mark.parametrize(
    ("hours", "at", "told"),
    [
        ("Mo-Fr 09:00-17:00", "2026-10-12T10:00", None),
        ("Mo-Fr 09:00-17:00", "2045-10-12T10:00", "2045年的节假日安排未知"),
        ("预约", "2026-10-12T10:00", "甲站的开放时间仅注明需预约等"),
    ],
)
def test_what_is_not_known_of_hours_stands_on_every_output(
    tmp_path: Path, hours: str, at: str, told: str | None
) -> None:
    findings = run(tmp_path / "study", hours, at)
    lines = [line for line in findings.summary_lines() if line.startswith("·")]
    remarks = [
        build_payload(findings.results, public=public)["study"]["remarks"]
        for public in (False, True)
    ]
    if told is None:
        assert (lines, remarks) == ([], [[], []])
    else:
        assert all(told in one[0] for one in (lines, *remarks))


def test_it_is_said_in_english_too(tmp_path: Path) -> None:
    lines = run(tmp_path, "by appointment", "2026-10-12T10:00", "en").summary_lines()
    assert any("甲站: hours only say whom to ask" in line for line in lines)

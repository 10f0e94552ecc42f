"""Streets that a planner drew: what check and run say of lines that do not join."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from small import lonlat, table, write_study
from walkshed.cli import app


def _study_of_lines_that_do_not_join(folder: Path, *, language: str) -> Path:
    """Write a study where a side street ends on Long Street, which has no vertex there; return its folder."""
    write_study(
        folder,
        language=language,
        stations=table("id,name,services", [("S1", 100, "Station", "meals")]),
        blocks=table("id,name,people", [("B1", 300, "Block", 10)]),
        toml='[[services]]\nid = "meals"\nen = "Meals"\ncomplete = true\n',
    )
    ways = json.loads((folder / "ways.geojson").read_text(encoding="utf-8"))
    side = {"type": "LineString", "coordinates": [lonlat(550), lonlat(550, 200)]}
    ways["features"].append({"type": "Feature", "properties": {}, "geometry": side})
    (folder / "ways.geojson").write_text(json.dumps(ways), encoding="utf-8")
    return folder


def test_check_and_run_tell_of_drawn_lines_that_do_not_join(tmp_path: Path) -> None:
    """A side street ends on Long Street, which has no vertex there: a note with its cure."""
    folder = _study_of_lines_that_do_not_join(tmp_path / "study", language="en")
    told = "1 line ends on another line that has no vertex there"
    checked = CliRunner().invoke(app, ["check", str(folder)])
    assert f"note: {told}" in checked.stdout, checked.output
    assert "set split_crossings = true" in checked.stdout
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["run", str(folder), "--out", str(out), "--no-open"])
    assert told in ran.output
    assert "UserWarning" not in ran.output
    notes = json.loads((out / "run.json").read_text(encoding="utf-8"))["notes"]
    assert any(note.startswith(told) for note in notes)


def test_a_run_says_notes_on_streets_in_the_language_of_the_study(tmp_path: Path) -> None:
    """The answer of a Chinese study is Chinese to its last line; run.json keeps what programs read."""
    folder = _study_of_lines_that_do_not_join(tmp_path / "study", language="zh")
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, ["run", str(folder), "--out", str(out), "--no-open"])
    assert "· 1 条线的端点落在另一条线上，但该处没有顶点，两线不相接" in ran.output
    assert "lines end on another line" not in ran.output
    notes = json.loads((out / "run.json").read_text(encoding="utf-8"))["notes"]
    assert any(note.startswith("1 line ends on another line") for note in notes)

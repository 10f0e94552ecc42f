"""A second run reads nothing of the extract again, and its answer is the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from walkshed.osm import raw, streets
from walkshed.study import read_study

DATA = Path(__file__).parents[2] / "data"


def test_a_run_finds_all_that_it_needs_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streets, buildings and the homes in them, areas, gates and names: whatever parses the file fails the test."""
    monkeypatch.setenv("WALKSHED_CACHE", str(tmp_path / "kept"))
    study = read_study(DATA / "gucheng")
    first = study.run()
    first.write(tmp_path / "first")

    def parsed(*_: object) -> None:
        pytest.fail("the extract was parsed again")

    for module, name in ((raw, "_parse"), (streets, "_streets")):
        monkeypatch.setattr(module, name, parsed)
    again = read_study(DATA / "gucheng").run()
    again.write(tmp_path / "again")
    assert again.results.extract is not None
    assert len(again.results.extract.buildings) > 0
    digests = [
        json.loads((tmp_path / folder / "run.json").read_text("utf-8"))["files"]
        for folder in ("first", "again")
    ]
    assert digests[0] == digests[1]
    with pytest.raises(pytest.fail.Exception, match="parsed again"):
        study.run(cache=False)

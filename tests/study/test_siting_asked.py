"""What siting is asked, and that it answers: wishes checked, gates that are shut, no word on stdout."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from small import table, write_study
from walkshed import cli
from walkshed.errors import InputFaultsError, InvalidValueError
from walkshed.findings import Findings
from walkshed.model.plans.siting import Status
from walkshed.model.results import Results
from walkshed.study import Study, read_study

#: A loop of two streets; where A crosses 23.005 stands a gate that is shut to everybody.
SHUT = """<osm version="0.6"><bounds minlat="22.999" minlon="112.999" maxlat="23.011" maxlon="113.011"/>
<node id="1" version="1" lat="23.000" lon="113.000"/><node id="3" version="1" lat="23.010" lon="113.000"/>
<node id="4" version="1" lat="23.000" lon="113.008"/><node id="5" version="1" lat="23.010" lon="113.008"/>
<node id="9" version="1" lat="23.005" lon="113.000"><tag k="barrier" v="gate"/><tag k="access" v="no"/></node>
<way id="1" version="1"><nd ref="1"/><nd ref="9"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="2" version="1"><nd ref="1"/><nd ref="4"/><nd ref="5"/><nd ref="3"/><tag k="highway" v="residential"/></way>
</osm>
"""
TOWN = """
[study]
name = "shut"
language = "en"
[streets]
file = "t.osm"
beyond = "nothing"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
file = "blocks.csv"
crs = "wgs84"
[[services]]
id = "a"
zh = "a"
en = "a"
complete = true
[needs]
preset = "illustrative-500"
"""


def shut(folder: Path) -> Study:
    """A station far off, and people south and north of the gate, from whom it is 100 m and more."""
    homes = [("S", 23.0040, 40), ("T", 23.0045, 50), ("N", 23.0060, 70)]
    blocks = "\n".join(f"{name},{name},113.0002,{lat},{people}" for name, lat, people in homes)
    files = {
        "t.osm": SHUT,
        "study.toml": TOWN,
        "stations.csv": "id,name,tier,lon,lat,services\nS1,s,micro,113.008,23.000,a\n",
        "blocks.csv": f"id,name,lon,lat,people\n{blocks}\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_study(folder)


def test_a_candidate_at_a_shut_gate_is_a_place_like_others(tmp_path: Path) -> None:
    """A station in the gate itself is 110 m from either side; a run with it gains what is promised."""
    found = shut(tmp_path).site(new=1, candidates="streets", spacing_m=50.0)
    assert found.plan.solution.status is Status.OPTIMAL
    assert found.plan.gain == found.measured_gain == 160.0


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"services": "meals"}, ["services", "'meals'", "as a list"]),
        ({"new": 1.5}, ["new", "1.5", "not a whole number"]),
        ({"station_capacity": -5.0}, ["station_capacity", "-5", "at least 0"]),
        ({"goal": "covrage"}, ["goal", "covrage", "did you mean 'coverage'?"]),
        ({"candidates": "street"}, ["candidates", "did you mean 'streets'?"]),
        ({"bugdet": 5}, ["bugdet", "did you mean 'budget'?"]),
        ({"new": "3", "budget": -1}, ["not a whole number", "at least 0"]),
    ],
)
@pytest.mark.parametrize("verb", ["site", "upgrade"])
def test_wishes_that_cannot_be_are_told_at_once(
    gucheng: Results, verb: str, wishes: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(InputFaultsError) as refused:
        getattr(Study(gucheng.inputs), verb)(Findings(gucheng), **({"new": 1} | wishes))
    for word in words:
        assert word in str(refused.value)


def test_a_service_is_told_by_its_nearest_word(gucheng: Results) -> None:
    for wish in ({"services": ["meal"]}, {"services": ("meal",)}):
        with pytest.raises(InvalidValueError, match="did you mean 'meals'"):
            Study(gucheng.inputs).site(Findings(gucheng), new=1, **wish)


def test_numbers_of_numpy_are_numbers(gucheng: Results) -> None:
    found = Study(gucheng.inputs).site(
        Findings(gucheng), new=np.int64(1), services=["meals"], spacing_m=np.float64(400.0)
    )
    assert len(found.proposals) == 1


def asked_for(folder: Path, siting: str) -> Path:
    """Write a street whose study asks for something under [siting]."""
    services = '[[services]]\nid = "meals"\nzh = "a"\nen = "a"\n'
    return write_study(
        folder,
        stations=table("id,name,services", [("S1", 0, "Hall", "meals")]),
        blocks=table("id,name,people", [("A", 1000, "Lane", 40)]),
        toml=f"[siting]\n{siting}\n{services}",
    )


@pytest.mark.parametrize(
    ("siting", "told"),
    [
        ('goal = "covrage"', "did you mean 'coverage'"),
        ('services = "meals"', "'meals' is not a list; write it as a list"),
        ('services = ["meal"]', "did you mean 'meals'"),
        ('walkers = ["adlt"]', "did you mean 'adult'"),
        ("new = 1.5", "'1.5' is not a whole number"),
        ("station_capacity = -5", "'-5' is out of range; write a number of at least 0"),
        ('doubt = "apar"', "did you mean 'apart'"),
        ('candidates = "street"', "is no source of candidates; did you mean 'streets'"),
        ('candidates = "places"', "write one of auto, streets, or the file of a table of rooms"),
        ("bugdet = 5", "did you mean 'budget'"),
    ],
)
def test_a_wish_of_study_toml_is_told_by_its_nearest_word(
    tmp_path: Path, siting: str, told: str
) -> None:
    with pytest.raises(InputFaultsError, match=told) as refused:
        read_study(asked_for(tmp_path, siting))
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--new", "1.5"], 2, "--new"),
        (["--budget", "-5"], 2, "--budget"),
        (["--goal", "covrage"], 2, "did you mean 'coverage'?"),
        (["--new", "1", "--services", "meal"], 1, "did you mean 'meals'?"),
        (["--new", "1", "--walkers", "adlt"], 1, "did you mean 'adult'?"),
    ],
)
def test_a_wish_of_the_command_line_is_told_by_its_nearest_word(
    tmp_path: Path, options: list[str], code: int, told: str
) -> None:
    study = asked_for(tmp_path / "study", "new = 1")
    out = tmp_path / "out"
    done = CliRunner().invoke(
        cli.app, ["site", str(study), "--no-open", "--lang", "en", "--out", str(out), *options]
    )
    assert done.exit_code == code
    assert told in done.output
    assert "Traceback" not in done.output
    assert not out.exists()


def test_the_solver_says_nothing_on_stdout() -> None:
    """HiGHS has a banner; a program that reads our stdout must not meet it."""
    code = (
        "from walkshed.siting import problem, solve\n"
        "p = problem('median', weight=[5, 3, 4], start=[0, 2, 4], demand=[0, 1, 1, 2],\n"
        "            distance_m=[1, 9, 2, 3], option_capacity=[9, 9], new_sites=2)\n"
        "assert solve(p).found\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert told.stdout == b""

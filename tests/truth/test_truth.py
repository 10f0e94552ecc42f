"""The package beside the truth: the same studies, told by two programs that share no code, agree row by row.

All verdicts and doubts, shares within 1e-6, meters within 5 cm. ``make truth`` does the same with the
files that the command line writes.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from small import table, write_study
from truth.compare import Comparison, compared, rows_of
from truth.pictures import Picture, pictures, write
from truth.runs import both, told_again
from truth.telling import tell
from walkshed.model.results import Results
from walkshed.verbs.draft.drafting import draft
from yards_town import MORE_YARDS, YARDS, write_yard

ROOT = Path(__file__).parents[2]
GUCHENG, HELSINKI = ROOT / "data" / "gucheng", ROOT / "data" / "helsinki"
GOOD = ROOT / "tests" / "inputs" / "good"
DRAFTED = ["shanghai_baoshan_dachang", "chengdu_xindu_dafeng", "jiangxi_guixi"]
PICTURES, DRAWN_BY_MORE = pictures()


def agree(comparison: Comparison, *, rows: int = 1) -> None:
    """Fail with what differs; also where hardly anything was compared."""
    assert comparison.rows >= rows
    assert comparison.differences == [], comparison.summary()


def test_the_truth_shares_no_code_with_the_package() -> None:
    code = (
        "import sys, truth.telling, truth.compare, truth.pictures;"
        "print([name for name in sys.modules if name.split('.')[0] == 'walkshed'])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"


def test_the_invented_town(gucheng: Results) -> None:
    agree(told_again(GUCHENG, gucheng)[0], rows=2673)


def test_the_invented_town_door_to_window(window: Results) -> None:
    agree(told_again(GUCHENG / "window.toml", window)[0], rows=3564)


def test_the_invented_town_with_visitors() -> None:
    agree(both(GUCHENG / "visitors.toml")[0], rows=3564)


def test_central_helsinki(helsinki: Results) -> None:
    agree(told_again(HELSINKI, helsinki)[0], rows=216)


@pytest.mark.data
@pytest.mark.parametrize("name", DRAFTED)
def test_a_draft(name: str, test_data: Path, tmp_path: Path) -> None:
    """Every service counts as surveyed, so that each failing block has its reason."""
    folder = tmp_path / "study"
    draft(test_data / "osm" / f"{name}.osm.pbf", folder)
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    surveyed = toml.replace("complete = false", "complete = true")
    assert surveyed != toml
    (folder / "study.toml").write_text(surveyed, encoding="utf-8")
    agree(both(folder)[0], rows=600)


def test_the_three_corners() -> None:
    agree(both(GOOD)[0])


def test_the_long_street_with_crews_hours_scope_floors_and_places(tmp_path: Path) -> None:
    """Every filter leaves somebody out somewhere on a street 4 km long."""
    columns = "id,services,floor,elevator,step_free,hours,capacity,scope,community"
    stations = [
        ("A", 200, "meals;care", 3, "no", "yes", "", 20, "all", "east"),
        ("B", 900, "meals", 1, "", "no", "Mo-Fr 14:00-18:00", "", "all", "east"),
        ("C", 1500, "care;repairs", 2, "yes", "", "", 30, "community", "west"),
        ("D", 3600, "meals", 1, "", "", "Mo-Su 08:00-20:00", 5, "compound", "west"),
    ]
    blocks = [(f"b{x}", x, "old", 100, "east" if x < 1200 else "west") for x in range(0, 4001, 250)]
    offers = "station,service,mode,scope,readiness_min\nC,repairs,outreach,community,4\n"
    needs = (
        '[[needs]]\nservice = "*"\nlimit = 600\nsource = "drawn"\n'
        '[[needs]]\nservice = "meals"\nlimit = 700\nplaces_per_1000 = 60\nsource = "drawn"\n'
        '[[needs]]\nservice = "repairs"\nlimit = 10\nunit = "min"\nsource = "drawn"\n'
    )
    services = "".join(
        f'[[services]]\nid = "{name}"\nen = "{name}"\nzh = "{name}"\n'
        for name in ("meals", "care", "repairs", "nobody")
    )
    folder = write_study(
        tmp_path / "street",
        stations=table(columns, stations),
        blocks=table("id,kind,people,community", blocks),
        toml=services
        + '[offers]\nfile = "offers.csv"\n[walk]\nwalkers = ["adult", "older", "wheelchair"]\n'
        + '[run]\nat = "2026-11-25T10:00"\n',
        needs=needs,
        files={"offers.csv": offers},
    )
    comparison, told, _ = both(folder)
    agree(comparison, rows=3 * 4 * 17)
    met = {judgment.verdict for judgment in told.judgments}
    assert met == {
        *("served", "no_provider", "not_entitled", "too_far"),
        *("not_accessible", "closed", "full"),
    }


def test_every_town_in_letters_is_found() -> None:
    """What is drawn by more than words: one town, in a loop over the order of its streets, and random ones."""
    assert len(PICTURES) >= 80
    by_order = {"walk/test_anchors.py", "walk/test_distances.py"}
    by_chance = {"siting/test_grounds.py"}
    assert {where.split(":")[0] for where in DRAWN_BY_MORE} <= by_order | by_chance


def test_towns_in_letters(tmp_path: Path) -> None:
    """Every town that a test draws, with stations and blocks all over it; one that several draw once."""
    rows = 0
    once = {(one.drawing, one.lines, one.cell_m, one.private): one for one in PICTURES}
    assert len(once) >= 50
    for number, picture in enumerate(once.values()):
        comparison, _, _ = both(write(picture, tmp_path / str(number)))
        assert comparison.differences == [], picture.where
        rows += comparison.rows
    assert rows > 6000


def test_yards(tmp_path: Path) -> None:
    """Compounds behind walls, with stations inside: everything that decides how one walks to them."""
    doubts, guessed = set(), set()
    for number, yard in enumerate((YARDS | MORE_YARDS).values()):
        comparison, told, _ = both(write_yard(tmp_path / str(number), **yard))
        assert comparison.differences == [], yard
        doubts |= {judgment.doubt for judgment in told.judgments}
        guessed |= {judgment.inside for judgment in told.judgments}
    assert doubts >= {"inside", "streets", ""}
    assert guessed == {True, False}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small town run by the command line: its folder, with the run in ``out``."""
    from typer.testing import CliRunner

    from walkshed import cli

    picture = next(one for one in PICTURES if isinstance(one, Picture) and len(one.lines) > 2)
    folder = write(picture, tmp_path_factory.mktemp("drawn") / "town")
    told = CliRunner().invoke(cli.app, ["run", str(folder), "--out", str(folder / "out")])
    assert told.exit_code == 0, told.output
    return folder


@pytest.mark.parametrize("name", ["coverage.csv", "coverage_by_walker.csv"])
def test_the_tables_that_a_run_writes(drawn: Path, name: str) -> None:
    agree(compared(rows_of(drawn / "out" / name), tell(drawn).judgments), rows=10)


@pytest.mark.parametrize(
    ("column", "change", "what"),
    [
        ("verdict", lambda text: "closed" if text == "served" else "served", "verdict"),
        ("nearest_m", lambda text: str(float(text) + 0.2), "meters"),
        ("share_served", lambda text: str(abs(float(text) - 0.001)), "share"),
        ("nearest_station", lambda text: f"{text}x", "station"),
        ("block_id", lambda text: f"{text}x", "row"),
        ("inside", lambda text: "" if text else "guessed", "inside"),
    ],
)
def test_one_changed_cell_is_seen(
    drawn: Path, tmp_path: Path, column: str, change: object, what: str
) -> None:
    """The negative control: the comparison fails for one verdict, one meter, one share, one name."""
    with (drawn / "out" / "coverage.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    row = next(row for row in rows if row["nearest_m"])
    row[column] = change(row[column])
    with (tmp_path / "coverage.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    comparison = compared(rows_of(tmp_path / "coverage.csv"), tell(drawn).judgments)
    assert {one.what for one in comparison.differences} == {what}
    assert len({(one.block, one.service) for one in comparison.differences}) == 1 + (what == "row")
    with pytest.raises(AssertionError):
        agree(comparison)

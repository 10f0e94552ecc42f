"""Scenarios from the command line: a run with one, and a comparison of several."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner, Result

from maps.unpacked import read_data
from walkshed import cli

GUCHENG = Path(__file__).parents[2] / "data" / "gucheng"
CLOSE = '[scenario]\nname = "{name}"\n[[close]]\nstation = "{station}"\n'


def walkshed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def test_compare_tells_who_loses_and_writes_a_table(tmp_path: Path) -> None:
    files = []
    for name, station in (("甲", "H1"), ("乙", "C1")):
        files.append(tmp_path / f"{station}.toml")
        files[-1].write_text(CLOSE.format(name=name, station=station), encoding="utf-8")
    done = walkshed("compare", GUCHENG, *files, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "甲" in done.stdout
    assert "乙" in done.stdout
    assert done.stdout.rstrip().endswith("compare.csv")
    lines = (tmp_path / "out" / "compare.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("scenario,service,kind,people,people_served_before")
    assert {line.split(",")[0] for line in lines[1:]} == {"甲", "乙"}


def test_a_run_with_a_scenario_says_so(tmp_path: Path) -> None:
    file = tmp_path / "没有枢纽.toml"
    file.write_text(CLOSE.format(name="没有枢纽", station="H1"), encoding="utf-8")
    done = walkshed("run", GUCHENG, "--scenario", file, "--out", tmp_path / "out", "--no-open")
    assert done.exit_code == 0
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["scenario"]
    assert (told["name"], told["file"], told["changes"]) == ("没有枢纽", "没有枢纽.toml", 1)
    assert "H1" not in (tmp_path / "out" / "stations.csv").read_text(encoding="utf-8-sig")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert read_data(page)["study"]["scenario"] == "没有枢纽"


def test_faults_of_a_scenario_are_told_before_the_run(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(CLOSE.format(name="x", station="H9"), encoding="utf-8")
    for arguments in (("run", GUCHENG, "--scenario", file), ("compare", GUCHENG, file)):
        done = walkshed(*arguments, "--out", tmp_path / "out")
        assert done.exit_code == 1
        assert (
            "bad.toml, row 4, column 'close.station': 'H9' is not a station of the study"
            in done.stderr
        )
        assert not (tmp_path / "out").exists()


def test_compare_with_the_same_town_under_another_standard_and_walker(tmp_path: Path) -> None:
    done = walkshed("compare", GUCHENG, GUCHENG / "window.toml", "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "健康养老" in done.stdout
    assert done.stdout.rstrip().endswith("changes_by_service.csv")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "changes.csv",
        "changes_by_service.csv",
    ]
    table = pd.read_csv(
        tmp_path / "out" / "changes_by_service.csv", encoding="utf-8-sig"
    ).set_index("service")
    assert (table["walker_before"] == "成年人").all()
    assert (table["walker_after"] == "老年人").all()
    assert table.loc["elder_care", ["limits_before", "limits_after"]].tolist() == [
        "500米",
        "300米/500米",
    ]
    assert "标准：500米→300米" in table.loc["elder_care", "why"]
    assert (table["study"] == "示例古城（虚构）：家门到窗口").all()
    blocks = pd.read_csv(tmp_path / "out" / "changes.csv", encoding="utf-8-sig")
    worse = blocks[
        (blocks.service == "meals")
        & (blocks.verdict_before == "达标")
        & (blocks.verdict_after != "达标")
    ]
    assert len(worse) == table.loc["meals", "blocks_worse"]


def test_a_file_that_is_neither_is_told_as_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text('name = "x"\n', encoding="utf-8")
    done = walkshed("compare", GUCHENG, file, "--out", tmp_path / "out")
    assert done.exit_code == 1
    assert "x.toml" in done.stderr


def test_compare_overwrites_its_own_tables_and_nobody_elses(tmp_path: Path) -> None:
    file, out = tmp_path / "甲.toml", tmp_path / "out"
    file.write_text(CLOSE.format(name="甲", station="H1"), encoding="utf-8")
    assert walkshed("compare", GUCHENG, file, "--out", out).exit_code == 0
    written = (out / "compare.csv").read_bytes()
    (out / "Thumbs.db").write_bytes(b"")
    assert walkshed("compare", GUCHENG, file, "--out", out).exit_code == 0
    for name in ("compare.csv", "changes.csv", "thesis.docx"):
        strange = tmp_path / f"strange-{name}"
        strange.mkdir()
        (strange / name).write_bytes(b"price,weight\r\n3,4\r\n")
        done = walkshed("compare", GUCHENG, file, "--out", strange)
        assert done.exit_code == 1
        assert done.stderr == (
            f"walkshed: {strange} holds files that are not from a comparison of walkshed: {name}; "
            "choose another folder with --out, or move them away\n"
        )
        assert [path.read_bytes() for path in strange.iterdir()] == [b"price,weight\r\n3,4\r\n"]
    assert (out / "compare.csv").read_bytes() == written

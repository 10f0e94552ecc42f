"""A run's folder: complete, the same bytes each time, all or nothing, and never over somebody else's files."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from reports.example import example
from walkshed.errors import InvalidValueError, OutputError
from walkshed.model.ground.plane import Plane
from walkshed.reports import write
from walkshed.reports.write import write_run
from walkshed.reports.writing import folders, older
from walkshed.reports.writing.csv_text import csv_bytes
from walkshed.reports.writing.names import OF_RUNS
from walkshed.reports.writing.older import check_folder

FILES = {
    *(
        "index.html",
        "coverage.csv",
        "areas.csv",
        "stations.csv",
        "matrix.csv",
        "layers.gpkg",
        "run.json",
    ),
    *("coverage_by_walker.csv", "unverified.csv"),
    "timing.json",
}
PAGE = {"index.html": b"<!doctype html>"}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A finished run in a folder whose name is Chinese and holds a space."""
    folder = tmp_path / "地图 maps" / "town"
    write_run(example(), folder, extra_files=PAGE)
    return folder


def test_a_run_writes_exactly_the_files_of_the_contract(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == FILES
    assert (written / "index.html").read_bytes() == PAGE["index.html"]
    assert pyogrio.list_layers(written / "layers.gpkg")[:, 0].tolist() == [
        *("blocks", "stations", "catchments", "pieces", "exits", "layer_styles")
    ]


def test_two_runs_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_run(example(seconds={"network": 9.0}), tmp_path / "again", extra_files=PAGE)
    first, second = _bytes(written), _bytes(tmp_path / "again")
    assert first.pop("timing.json") != second.pop("timing.json")
    assert first == second


def test_run_json_does_not_know_where_the_study_lies(written: Path, tmp_path: Path) -> None:
    write_run(example(tmp_path / "elsewhere"), tmp_path / "moved", extra_files=PAGE)
    assert (tmp_path / "moved" / "run.json").read_bytes() == (written / "run.json").read_bytes()


def test_csv_is_utf8_with_the_mark_that_excel_needs(written: Path) -> None:
    content = (written / "areas.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbflevel,")
    assert content.count(b"\r\n") == content.count(b"\n") > 1
    frame = pd.read_csv(written / "areas.csv", encoding="utf-8-sig", keep_default_na=False)
    assert "南门" in set(frame.community)


def test_no_cell_becomes_a_formula() -> None:
    cells = ["=1+1", "+49 30", "-2", "@home", "\tx", "＝1", "plain", "南门-东", None]
    frame = pd.DataFrame({"text": pd.Series(cells, dtype="object"), "meters": [-1.5] * 9})
    lines = csv_bytes(frame).decode("utf-8-sig").split("\r\n")
    assert lines[1:10] == [
        *(
            "'=1+1,-1.5",
            "'+49 30,-1.5",
            "'-2,-1.5",
            "'@home,-1.5",
            "'\tx,-1.5",
            "'＝1,-1.5",
            "plain,-1.5",
        ),
        *("南门-东,-1.5", ",-1.5"),
    ]


def test_layers_hold_what_the_frames_hold(written: Path) -> None:
    blocks = gpd.read_file(written / "layers.gpkg", layer="blocks")
    assert blocks["name"].tolist() == ["Block 1", "Block 2", "Block 3"]
    assert blocks.crs.to_epsg() == 4326
    catchments = gpd.read_file(written / "layers.gpkg", layer="catchments")
    assert catchments.geometry.is_empty.tolist() == [False, True, True]
    with closing(sqlite3.connect(written / "layers.gpkg")) as database:
        changes = database.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    assert changes == [("1980-01-01T00:00:00.000Z",)]


def test_planar_and_empty_layers_are_written(tmp_path: Path) -> None:
    full = example()
    none = replace(
        full.catchments.pieces, **{key: getattr(full.catchments.pieces, key)[:0] for key in PIECES}
    )
    planar = replace(
        full,
        network=replace(full.network, plane=Plane(planar=True)),
        catchments=replace(full.catchments, pieces=none),
    )
    write_run(planar, tmp_path / "planar", extra_files=PAGE)
    assert len(pyogrio.read_dataframe(tmp_path / "planar" / "layers.gpkg", layer="pieces")) == 0
    assert pyogrio.read_info(tmp_path / "planar" / "layers.gpkg", layer="blocks")["crs"] is None


PIECES = ("station", "limit_m", "edge", "from_m", "to_m", "geometry")


def test_run_json_tells_where_the_numbers_come_from(written: Path) -> None:
    run = json.loads((written / "run.json").read_bytes())
    assert (run["study"], run["illustrative"], run["network"]["digest"]) == (
        "示例 town",
        True,
        "ab" * 32,
    )
    assert run["settings"]["streets"]["path"] == "town.osm.pbf"
    assert [(need["kind"], need["verified"], need["judgments"]) for need in run["needs"]] == [
        ("old", False, 2),
        ("resettlement", False, 1),
    ]
    assert run["headline"]["services"]["meals"]["people_left_out"] == 34
    assert run["counts"]["stations_off_network"] == 1
    assert set(run["files"]) == FILES - {"run.json", "timing.json"}
    assert "seconds" not in json.dumps(run["settings"])
    assert json.loads((written / "timing.json").read_bytes()) == {
        "seconds": {"network": 0.123, "reach": 1.0}
    }


def test_a_second_run_replaces_the_first_and_drops_what_is_gone(written: Path) -> None:
    write_run(example(), written, extra_files=PAGE | {"curve.csv": b"1"})
    assert (written / "curve.csv").exists()
    write_run(example(), written, extra_files={"index.html": b"new"})
    assert {path.name for path in written.iterdir()} == FILES
    assert (written / "index.html").read_bytes() == b"new"


def test_strangers_are_named_and_nothing_is_touched(written: Path) -> None:
    (written / "thesis.docx").write_bytes(b"years of work")
    before = _bytes(written)
    with pytest.raises(
        OutputError, match=r"not from a run of walkshed: thesis\.docx; choose another folder"
    ):
        write_run(example(), written, extra_files=PAGE)
    assert _bytes(written) == before


def test_a_run_of_a_newer_walkshed_is_left_alone(written: Path) -> None:
    run = json.loads((written / "run.json").read_text(encoding="utf-8"))
    assert run["format"] == 1
    (written / "run.json").write_text(json.dumps(run | {"format": 2}), encoding="utf-8")
    before = _bytes(written)
    with pytest.raises(OutputError, match=r"a run of a newer walkshed \(run\.json: format 2; "):
        write_run(example(), written, extra_files=PAGE)
    assert _bytes(written) == before


@pytest.mark.parametrize("run", [None, "{}", "[1]", "not json"])
def test_files_of_our_names_without_our_run_json_are_strangers(
    tmp_path: Path, run: str | None
) -> None:
    (tmp_path / "coverage.csv").write_text("mine", encoding="utf-8")
    if run is not None:
        (tmp_path / "run.json").write_text(run, encoding="utf-8")
    with pytest.raises(OutputError, match=r"coverage\.csv"):
        write_run(example(), tmp_path, extra_files=PAGE)
    assert (tmp_path / "coverage.csv").read_text(encoding="utf-8") == "mine"


def test_a_folder_named_like_a_file_of_ours_is_a_stranger(written: Path) -> None:
    (written / "matrix.csv").unlink()
    (written / "matrix.csv").mkdir()
    with pytest.raises(OutputError, match=r"matrix\.csv"):
        check_folder(written)


def test_litter_of_the_desktop_and_of_killed_runs_is_no_obstacle(written: Path) -> None:
    (written / ".DS_Store").write_bytes(b"")
    killed = written / ".walkshed-part-1"
    killed.mkdir()
    (killed / "coverage.csv").write_bytes(b"half")
    write_run(example(), written, extra_files=PAGE)
    assert {path.name for path in written.iterdir()} == FILES | {".DS_Store"}


def test_a_geopackage_that_is_open_elsewhere_is_not_replaced(written: Path) -> None:
    (written / "layers.gpkg-wal").write_bytes(b"")
    with pytest.raises(OutputError, match=r"layers\.gpkg is open in another program"):
        write_run(example(), written, extra_files=PAGE)


def test_write_protection_is_respected_and_named(written: Path) -> None:
    (written / "coverage.csv").chmod(0o444)
    with pytest.raises(
        OutputError, match=r"coverage\.csv cannot be written: .* take off its write protection"
    ):
        write_run(example(), written, extra_files=PAGE)
    (written / "coverage.csv").chmod(0o644)
    write_run(example(), written, extra_files=PAGE)


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "maps").write_bytes(b"")
    for folder in (tmp_path / "maps", tmp_path / "maps" / "town"):
        with pytest.raises(OutputError, match=r"maps.* is a file, not a folder"):
            write_run(example(), folder, extra_files=PAGE)


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and on network drives, whose folders cannot be exchanged."""
    monkeypatch.setattr(folders, "exchange", lambda *_: False)


def test_where_folders_cannot_be_exchanged_files_enter_one_by_one(
    written: Path, one_by_one: None
) -> None:
    write_run(example(), written, extra_files=PAGE | {"curve.csv": b"1"})
    write_run(example(), written, extra_files={"index.html": b"new"})
    assert {path.name for path in written.iterdir()} == FILES
    assert (written / "index.html").read_bytes() == b"new"
    assert [path.name for path in written.parent.iterdir()] == ["town"]


#: Where in the order of moves a file is held: among those that leave (run.json first), at the
#: decision, among those that enter.
HELD = (0, 1, len(FILES) - 1, len(FILES), len(FILES) + 1, 2 * len(FILES))


@pytest.mark.parametrize("failing", HELD)
def test_a_file_held_open_puts_everything_back(
    written: Path, one_by_one: None, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """As on Windows, where a file that Excel holds can be read but not replaced."""
    before = _bytes(written)
    real, calls = os.rename, []

    def rename_all_but_one(source: Path, target: Path) -> None:
        calls.append(source)
        # the part itself has moved into the folder before
        if len(calls) == failing + 2:
            raise PermissionError(13, "held by another program", str(source))
        real(source, target)

    monkeypatch.setattr(os, "rename", rename_all_but_one)
    with pytest.raises(
        OutputError, match="held by another program; close it in other programs"
    ) as caught:
        write_run(example(seconds={}), written, extra_files={"index.html": b"new"})
    held = calls[failing + 1]
    assert str(held if held.parent == written else written) in str(caught.value)
    assert _bytes(written) == before
    assert [path.name for path in written.parent.iterdir()] == ["town"]


def test_what_cannot_be_put_back_waits_for_the_next_run(
    written: Path, one_by_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that holds a file, and lets go of it after the run has given up."""
    before = _bytes(written)
    real, calls = os.rename, []

    def rename_no_more(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) > 5:
            raise PermissionError(13, "held by another program", str(source))
        real(source, target)

    with monkeypatch.context() as held:
        held.setattr(os, "rename", rename_no_more)
        with pytest.raises(OutputError):
            write_run(example(seconds={}), written, extra_files={"index.html": b"new"})
    assert "run.json" not in {path.name for path in written.iterdir()}
    assert check_folder(written) == sorted(FILES)
    assert _bytes(written) == before


def test_a_file_put_there_meanwhile_is_not_overwritten(
    written: Path, one_by_one: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _bytes(written)
    real = os.rename

    def rename_and_meddle(source: Path, target: Path) -> None:
        real(source, target)
        if Path(source).name == "areas.csv" and Path(source).parent == written:
            (written / "areas.csv").write_bytes(b"mine")

    monkeypatch.setattr(os, "rename", rename_and_meddle)
    with pytest.raises(OutputError, match=r"areas\.csv was put there by another program meanwhile"):
        write_run(example(), written, extra_files=PAGE)
    monkeypatch.undo()
    assert (written / "areas.csv").read_bytes() == b"mine"
    (written / "areas.csv").unlink()
    check_folder(written)
    assert _bytes(written) == before


def test_a_report_that_was_changed_by_hand_is_named_and_kept(tmp_path: Path) -> None:
    """A planner's work on the document is nobody's stray file, and no later run takes it."""
    reports = {"report.docx": b"as the run wrote it", "report.xlsx": b"likewise"}
    folder = tmp_path / "out"
    write_run(example(), folder, extra_files=PAGE | reports)
    write_run(example(), folder, extra_files=PAGE | reports)

    (folder / "report.docx").write_bytes(b"with our own words")
    with pytest.raises(OutputError) as caught:
        check_folder(folder)
    assert str(caught.value) == (
        f"{folder}: report.docx has been changed by hand since the run wrote it; "
        "move it out of the folder, or choose another with --out"
    )

    # all at once, and nothing is touched
    (folder / "report.xlsx").write_bytes(b"too")
    (folder / "notes.txt").write_bytes(b"mine")
    with pytest.raises(OutputError, match="them out of the folder") as caught:
        write_run(example(), folder, extra_files=PAGE)
    assert "report.docx, report.xlsx have been changed by hand" in str(caught.value)
    assert "not from a run of walkshed: notes.txt" in str(caught.value)
    assert (folder / "report.docx").read_bytes() == b"with our own words"


def test_prints_made_by_hand_stay_until_they_are_made_anew(
    written: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (written / "map-a4.pdf").write_bytes(b"by hand")
    said: list[str] = []
    write_run(example(), written, extra_files=PAGE, say=said.append)
    assert (written / "map-a4.pdf").read_bytes() == b"by hand"
    assert said == ["map-a4.pdf was not printed by a run and stays; it may show an older one"]

    # a disk without second names: a stick formatted as FAT
    def no_links(source: Path, target: Path) -> None:
        raise OSError(95, "not supported", str(source), None, str(target))

    monkeypatch.setattr(older.os, "link", no_links)
    write_run(example(), written, extra_files=PAGE)
    assert (written / "map-a4.pdf").read_bytes() == b"by hand"

    with pytest.raises(OutputError, match=r"not from a run of walkshed: map-a4\.pdf"):
        write_run(example(), written, extra_files=PAGE, public=True)
    prints = {"map-a4.pdf": b"anew", "slide.png": b"anew"}
    write_run(example(), written, extra_files=PAGE | prints, say=said.append)
    assert (written / "map-a4.pdf").read_bytes() == b"anew"
    assert len(said) == 1

    # printed by that run, and out of date with the next one, which says so
    write_run(example(), written, extra_files=PAGE, say=said.append)
    assert {path.name for path in written.iterdir()} == FILES
    assert said[1:] == [
        f"{name} showed the older run and is removed; --pdf and --png print anew"
        for name in ("map-a4.pdf", "slide.png")
    ]


@pytest.mark.parametrize("name", ["thesis.docx", "visitors.csv", "curve.csv", "..", "run.json/x"])
def test_a_forged_run_json_deletes_nobodys_file(written: Path, name: str) -> None:
    """Not by a name that walkshed never writes, nor by one that it writes at times, with other bytes."""
    mine = written / name
    if name.isascii() and mine.parent == written and name != "..":
        mine.write_bytes(b"years of work")
    run = json.loads((written / "run.json").read_bytes())
    run["files"][name] = "ab" * 32
    (written / "run.json").write_text(json.dumps(run), encoding="utf-8")
    before = _bytes(written)
    if mine.is_file():
        told = f"not from a run of walkshed: {name}; choose"
        if name in OF_RUNS:
            told = f"{name} has been changed by hand since the run wrote it; move it"
        with pytest.raises(OutputError, match=told):
            write_run(example(), written, extra_files=PAGE)
        assert _bytes(written) == before
    else:
        write_run(example(), written, extra_files=PAGE)
        assert written.parent.is_dir()


def test_a_table_that_was_changed_since_and_would_go_is_named(written: Path) -> None:
    write_run(example(), written, extra_files=PAGE | {"curve.csv": b"1"})
    (written / "curve.csv").write_bytes(b"with notes of mine")
    with pytest.raises(OutputError, match=r"curve\.csv has been changed by hand since the run"):
        check_folder(written)


def test_a_working_folder_and_one_of_several_owners_keep_their_place(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever works in the folder would find themselves in one that is gone."""
    place = written.stat().st_ino
    monkeypatch.chdir(written)
    write_run(example(), Path(), extra_files={"index.html": b"new"})
    assert (written.stat().st_ino, (written / "index.html").read_bytes()) == (place, b"new")
    assert {path.name for path in written.iterdir()} == FILES


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights otherwise")
def test_the_rights_of_a_folder_stay(written: Path) -> None:
    written.chmod(0o2775)
    write_run(example(), written, extra_files=PAGE)
    assert written.stat().st_mode & 0o7777 == 0o2775


@pytest.mark.parametrize("stage", ["write_layers", "provenance"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError("disk full"), RuntimeError])
def test_an_interrupted_run_leaves_the_old_one(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str, error: BaseException
) -> None:
    before = _bytes(written)

    def interrupted(*_: object) -> None:
        raise error

    monkeypatch.setattr(write, stage, interrupted)
    expected = OutputError if isinstance(error, OSError) else error
    with pytest.raises(expected):
        write_run(example(), written, extra_files=PAGE)
    assert _bytes(written) == before
    with pytest.raises(expected):
        write_run(example(), tmp_path / "a" / "b", extra_files=PAGE)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("name", ["run.json", "../x", "a/b", ".hidden", ""])
def test_extra_files_have_plain_names_of_their_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValueError, match="plain file name"):
        write_run(example(), tmp_path, extra_files={name: b""})


def test_writing_changes_no_argument(tmp_path: Path) -> None:
    results, page = example(), dict(PAGE)
    before = results.catchments.geometry.copy()
    write_run(results, tmp_path / "town", extra_files=page)
    assert page == PAGE
    assert all(
        one.equals(two) for one, two in zip(before, results.catchments.geometry, strict=True)
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such paths")
@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (["d" * 100] * 6, r"its path has \d+ bytes, and that of a GeoPackage 500 at most"),
        (
            ["\udce5\udcb7\udcb7"],
            r"its name is not in the encoding of this terminal \(set PYTHONUTF8=1",
        ),
    ],
)
def test_a_path_that_a_geopackage_cannot_have_is_told_and_leaves_nothing(
    tmp_path: Path, parts: list[str], says: str
) -> None:
    with pytest.raises(OutputError, match=f"cannot be written: {says}.*choose another folder"):
        write_run(example(), tmp_path.joinpath(*parts), extra_files=PAGE)
    assert list(tmp_path.iterdir()) == []

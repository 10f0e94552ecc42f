"""The atlas: every block on the page of its community, figures of the tables, pages that hold what they show."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from small import table, write_study
from walkshed import cli
from walkshed.errors import NotFoundError
from walkshed.model.results import Results
from walkshed.reports.compared.repeated import repetition
from walkshed.reports.document import drawings
from walkshed.reports.document.atlas import layout
from walkshed.reports.document.atlas.book import atlas_bytes
from walkshed.reports.document.atlas.pages import Community, communities
from walkshed.reports.tables.areas import areas_frame
from walkshed.reports.workbook.reported import reported
from walkshed.study import read_study

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def gucheng() -> Results:
    return read_study(DATA / "gucheng").run().results


@pytest.fixture(scope="module")
def pages(gucheng: Results) -> tuple[Community, ...]:
    return communities(reported(gucheng))


def test_every_block_has_its_place_and_every_figure_is_a_tables(
    gucheng: Results, pages: tuple[Community, ...]
) -> None:
    """By areas.csv, which sums blocks by another way."""
    listed = [number for page in pages for number in page.members]
    assert sorted(listed) == list(range(len(gucheng.blocks)))

    frame = areas_frame(gucheng)
    frame = frame[frame["level"] == "community"]
    for page in pages:
        block = gucheng.blocks[page.members[0]]
        named = (frame["subdistrict"] == block.subdistrict) & (
            frame["community"] == block.community
        )
        rows = frame[named]
        assert page.title == f"{block.community}（{block.subdistrict}）"
        assert page.people_out == rows["people_out"].sum()
        assert page.people == rows["people"].iloc[0]
        for service, out in zip(gucheng.inputs.services, rows["people_out"], strict=True):
            told = f"{service.called('zh')}{out:,}人"
            assert (told in page.figures[1]) == (out > 0)
        stations = [gucheng.stations[number].name for number in page.stations]
        assert [line.split(" · ")[0] for line in page.station_lines] == stations


def test_who_lacks_most_stands_first(gucheng: Results, pages: tuple[Community, ...]) -> None:
    judgments = gucheng.main.judgments
    sure = judgments.failing & ~judgments.doubted
    people = reported(gucheng).coverage
    left = (people["people"] - people["people_served"]).to_numpy(float).reshape(sure.shape)
    out = np.where(sure, left, 0.0).sum(axis=1)
    for page in pages:
        assert list(out[list(page.members)]) == sorted(out[list(page.members)], reverse=True)


@pytest.mark.parametrize(
    ("text", "width_em", "lines"),
    [
        ("一二三四五六", 3, ["一二三", "四五六"]),
        ("一二三，四五六", 3, ["一二", "三，四", "五六"]),  # no line begins with a comma
        ("one two three", 4.5, ["one two", "three"]),
        ("", 3, [""]),
    ],
)
def test_lines_are_no_wider_than_their_column(text: str, width_em: float, lines: list[str]) -> None:
    assert layout.wrapped_text(text, width_em) == lines


def test_pages_hold_their_lines_and_lose_none(pages: tuple[Community, ...]) -> None:
    sheets = layout.sheets_of(pages, "zh")
    room_in = layout.PAGE_IN[1] - 2 * layout.MARGIN_IN - layout.TITLE_IN - layout.FOOT_IN
    for sheet in sheets:
        map_in = layout.MAP_IN[1] + layout.LEGEND_IN if sheet.mapped else 0.0
        assert sum(line.height_in for line in sheet.lines) <= room_in - map_in + 1e-9
    told = " ".join(" ".join(map("".join, line.cells)) for sheet in sheets for line in sheet.lines)
    for page in pages:
        for compound in page.compounds:
            assert compound.name in told

    # the contents name the page on which each community begins
    begins = {sheet.mapped.title: n for n, sheet in enumerate(sheets, 1) if sheet.mapped}
    rows = [line.cells for line in sheets[0].lines if len(line.cells) == 5 and not line.strong]
    assert {"".join(row[0]): int(row[4][0]) for row in rows} == begins


def test_one_run_one_file_and_verify_knows_it_in_other_fonts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written by --atlas; the same bytes, and in another face the same facts."""
    study = write_study(
        tmp_path / "street",
        stations=table("id,name,services,community", [("S1", 0, "Hall", "meals,West")]),
        blocks=table(
            "id,name,people,community",
            [("A", 100, "Lane <b>&$x$", "40,West"), ("B", 1500, "Row", "70,East")],
        ),
        toml='[[services]]\nid = "meals"\nzh = "a"\nen = "meals"\n',
    )
    for name in ("one", "again", "two"):
        where = ["--out", str(tmp_path / name), "--no-open"]
        if name == "two":
            monkeypatch.setattr(drawings, "_chinese_faces", lambda: ["DejaVu Serif"])
        done = CliRunner().invoke(cli.app, ["run", str(study), "--atlas", *where])
        assert done.exit_code == 0, done.output
    again = (tmp_path / "again" / "atlas.pdf").read_bytes()
    one, two = ((tmp_path / name / "atlas.pdf").read_bytes() for name in ("one", "two"))
    assert one.startswith(b"%PDF")
    assert one == again != two
    facts = json.loads((tmp_path / "one" / "run.json").read_text("utf-8"))
    assert "atlas.pdf" in facts["files"]
    found = repetition(tmp_path / "one", tmp_path / "two")
    assert "atlas.pdf" in found.same
    assert found.holds

    # another fact is another atlas
    changed = re.sub(rb"(sha256:)[0-9a-f]{8}", rb"\g<1>00000000", two)
    (tmp_path / "two" / "atlas.pdf").write_bytes(changed)
    facts = json.loads((tmp_path / "two" / "run.json").read_text("utf-8"))
    facts["files"]["atlas.pdf"] = "other"
    (tmp_path / "two" / "run.json").write_text(json.dumps(facts), "utf-8")
    assert "atlas.pdf" in repetition(tmp_path / "one", tmp_path / "two").others


def test_without_a_face_for_its_letters_there_is_none(
    gucheng: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "_chinese_faces", list)
    with pytest.raises(NotFoundError, match="no font with Chinese"):
        atlas_bytes(gucheng)


def test_it_is_not_passed_on(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        cli.app,
        ["run", str(DATA / "monaco"), "--atlas", "--public", "--out", str(tmp_path / "out")],
    )
    assert done.exit_code == 2
    assert "--atlas" in done.output
    assert not (tmp_path / "out").exists()

"""The report as a text document: its outline, its numbers, which are the workbook's, and the office's own styles."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest
from docx.shared import Pt
from typer.testing import CliRunner

from reports.example import example
from small import table, write_study
from walkshed import cli
from walkshed.model.results import Results
from walkshed.reports.document import book as document
from walkshed.reports.document import paper
from walkshed.reports.document.drawings import Drawn, map_png
from walkshed.reports.document.parts import Paragraph, Style
from walkshed.reports.workbook.book import report_bytes as workbook_bytes
from walkshed.reports.workbook.measures import measures
from walkshed.reports.workbook.reported import reported
from walkshed.study import read_study

DATA = Path(__file__).parents[2] / "data"
CHAPTERS = [
    "摘  要",
    "一、工作概况",
    "二、设施与小区现状",
    "三、评估结果",
    "四、主要问题",
    "五、优化建议",
]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def gucheng() -> Results:
    return read_study(DATA / "gucheng").run().results


@pytest.fixture(scope="module")
def monaco() -> Results:
    return read_study(DATA / "monaco").run().results


@pytest.fixture(scope="module")
def chinese(gucheng: Results) -> bytes:
    return document.report_bytes(gucheng)


@pytest.fixture(scope="module")
def english(monaco: Results) -> bytes:
    return document.report_bytes(monaco)


@pytest.fixture(params=[("gucheng", "chinese"), ("monaco", "english")], ids=["gucheng", "monaco"])
def written(request: pytest.FixtureRequest) -> tuple[Results, bytes]:
    results, content = map(request.getfixturevalue, request.param)
    return results, content


def _opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def _cells(content: bytes) -> set[object]:
    """Return every cell of the workbook: numbers as they are, texts as they stand."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}


def test_its_chapters_are_those_of_an_office(chinese: bytes) -> None:
    opened = _opened(chinese)
    heads = [each.text for each in opened.paragraphs if each.style.name == "Heading 1"]
    last = ["六、实施安排（单位填写）", "七、数据局限与待核事项", "附表、附图"]
    assert heads == [*CHAPTERS, *last]
    sections = [each.text for each in opened.paragraphs if each.style.name == "Heading 2"]
    measures = ("落地改造", "错时共享", "上门服务", "增设站点", "方案比选")
    numbers = ("（一）", "（二）", "（三）", "（四）", "（五）")
    expected = [number + name for number, name in zip(numbers, measures, strict=True)]
    assert sections[sections.index("（一）落地改造") :] == expected
    captions = [each.text for each in opened.paragraphs if re.match(r"[表图]\d-\d", each.text)]
    assert [each.split(" ")[0] for each in captions] == [
        "图1-1",
        "表2-1",
        "表2-2",
        "表3-1",
        "表3-1附",
        "图3-1",
        "表3-2",
        "图3-2",
        "表3-3",
        "表3-4",
        "表3-5",
        "表4-1",
        "图4-1",
        "表5-1",
        "表6-1",
        "表7-1",
    ]
    annexed = [each.text for each in opened.paragraphs if each.text.startswith("附图")]
    assert [each.split(" ")[0] for each in annexed] == ["附图1", "附图2", "附图3", "附图4"]
    assert len(opened.inline_shapes) == 8
    assert all(shape._inline.docPr.get("descr") for shape in opened.inline_shapes)


def test_every_number_of_a_table_stands_in_the_workbook(written: tuple[Results, bytes]) -> None:
    results, content = written
    known = {cell for cell in _cells(workbook_bytes(results)) if isinstance(cell, int | float)}
    known |= {float(f"{cell:.1f}") for cell in known}
    shares = {f"{cell:.1%}" for cell in known if 0.0 <= cell <= 1.0}
    checked = 0
    for grid in _opened(content).tables:
        heads = [cell.text for cell in grid.rows[0].cells]
        if heads[0] in ("人群", "Group") or heads[0] in ("服务", "Service"):
            continue  # of inequality.csv, and counts of verdicts: the next tests
        for row in grid.rows[1:]:
            for cell in row.cells:
                text = cell.text
                if NUMBER.fullmatch(text):
                    assert float(text.replace(",", "")) in known, (heads, text)
                    checked += 1
                elif text.endswith("%") and NUMBER.fullmatch(text[:-1]):
                    assert text in shares, (heads, text)
                    checked += 1
    assert checked > 100


def test_walks_of_groups_are_those_of_the_table(gucheng: Results, chinese: bytes) -> None:
    from walkshed.reports.tables.left_out import inequality_frame

    frame = inequality_frame(gucheng).query("group in ('older_people', 'children')")
    (grid,) = (each for each in _opened(chinese).tables if each.rows[0].cells[0].text == "人群")
    told = [[cell.text.replace(",", "") for cell in row.cells[2:]] for row in grid.rows[1:]]
    columns = frame[["people", "people_unreached", "median_m", "worst_tenth_m"]]
    assert told == [
        [f"{people:.0f}", f"{lost:.0f}", f"{median:.1f}", f"{worst:.1f}"]
        for people, lost, median, worst in columns.itertuples(index=False)
    ]


def test_reasons_count_the_rows_that_fail_for_sure(gucheng: Results, chinese: bytes) -> None:
    from walkshed.reports.tables.coverage import coverage_frame

    frame = coverage_frame(gucheng)
    failing = frame[
        ~frame["verdict"].isin(["served", "not_surveyed", "no_standard"]) & (frame["doubt"] == "")
    ]
    (grid,) = (each for each in _opened(chinese).tables if each.rows[0].cells[0].text == "服务")
    told = [sum(int(cell.text) for cell in row.cells[1:]) for row in grid.rows[1:]]
    order = [service.id for service in gucheng.inputs.services]
    assert told == [int((failing["service"] == key).sum()) for key in order]


def test_the_summary_says_what_the_tables_say(gucheng: Results, chinese: bytes) -> None:
    from walkshed.reports.tables.areas import areas_frame, headline

    texts = [each.text.strip() for each in _opened(chinese).paragraphs]
    study = areas_frame(gucheng).query("level == 'study'").set_index("service")
    worst = study["people_out"].astype(int).idxmax()
    name = next(each.zh for each in gucheng.inputs.services if each.id == worst)
    most, people = int(study.loc[worst, "people_out"]), int(study.loc[worst, "people"])
    assert (
        f"1. 分服务看，{name}缺口最大：未达标{most:,}人，占总人口的{most / people:.1%}（见表3-1）。"
        in texts
    )

    numbers = headline(gucheng)
    out, check = numbers["blocks_out"], numbers["blocks_to_check"]
    four = next(text for text in texts if "四者合计" in text)
    assert [int(each.replace(",", "")) for each in re.findall(r"([\d,]+)个", four)] == [
        *(99, 99 - out - check, out, check, 0),
    ]
    assert any(f"未达标{int(study['people_out'].astype(int).sum()):,}" in text for text in texts)


def test_the_same_results_give_the_same_bytes(gucheng: Results, chinese: bytes) -> None:
    assert document.report_bytes(gucheng) == chinese


def test_a_figure_tells_how_blocks_are_left_without_color(gucheng: Results) -> None:
    looks = ["served"] * len(gucheng.blocks)
    plain = map_png(gucheng, Drawn(looks))
    assert plain == map_png(gucheng, Drawn(looks))
    assert plain != map_png(gucheng, Drawn(["out", *looks[1:]]))


def test_without_a_chinese_face_figures_hold_no_empty_boxes(
    gucheng: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    from walkshed.reports.document import drawings

    monkeypatch.setattr(drawings, "CHINESE_FACES", ("a face that nobody has",))
    assert not drawings.can_letter(["甲社区"])
    assert drawings.can_letter(["Église"])
    # matplotlib warns of characters that it cannot draw, and warnings are errors here
    assert drawings.bars_png(["甲社区", "乙社区"], [3, 1]).startswith(b"\x89PNG")
    assert map_png(gucheng, Drawn(["served"] * len(gucheng.blocks)))


def test_names_from_tables_are_text(tmp_path: Path) -> None:
    results = example(tmp_path)
    blocks = (replace(results.blocks[0], name="<w:b/>&\x07=1+1"), *results.blocks[1:])
    content = document.report_bytes(replace(results, blocks=blocks))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert b"<w:b/>&" not in file.read("word/document.xml")
    _opened(content)


def test_an_office_lays_its_own_styles_over_it(gucheng: Results, tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("text of the template")
    own.styles["Normal"].font.size = Pt(17)
    own.sections[0].header.paragraphs[0].text = "某某区民政局"
    own.save(tmp_path / "own.docx")
    content = document.report_bytes(gucheng, template=(tmp_path / "own.docx").read_bytes())
    opened = _opened(content)
    assert opened.styles["Normal"].font.size == Pt(17)
    assert opened.sections[0].header.paragraphs[0].text == "某某区民政局"
    assert "text of the template" not in "\n".join(each.text for each in opened.paragraphs)
    assert "一、工作概况" in [each.text for each in opened.paragraphs]


def test_a_template_without_styles_is_written_in_plain_letters() -> None:
    bare = docx.Document()
    for name in ("Title", "Heading 1", "Heading 2", "Table Grid"):
        bare.styles[name].delete()
    kept = io.BytesIO()
    bare.save(kept)
    parts = (Paragraph("第一章", Style.CHAPTER), Paragraph("内容"))
    opened = _opened(paper.document_bytes(parts, "zh", kept.getvalue()))
    assert [each.text for each in opened.paragraphs] == ["第一章", "　　内容"]


def test_measures_are_told_by_their_type(gucheng: Results, chinese: bytes) -> None:
    """Every cure of the table is of one type, and each section counts its own."""
    (grid,) = measures(reported(gucheng))
    counts = Counter(row[-1] for row in grid.rows)
    texts = [each.text for each in _opened(chinese).paragraphs]
    told = {
        name: next((text for text in texts[texts.index(head) + 1 :][:1] if "条，受益" in text), "")
        for name, head in (("错时共享", "（二）错时共享"), ("增设站点", "（四）增设站点"))
    }
    assert set(counts) == set(told)
    for name, text in told.items():
        assert f"共{counts[name]}条" in text
    shared = {row[1] for row in grid.rows if row[-1] == "错时共享"}
    assert all("增设此服务" in cure for cure in shared)


def test_a_plan_is_compared_before_and_after(tmp_path: Path) -> None:
    """100 people live 200 m from the only library, 50 others 1,800 m: a second one serves all 150."""
    _town(tmp_path / "town", 'write = ["docx"]')
    asked = ["site", str(tmp_path / "town"), "--new", "1", "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(cli.app, [*asked, "--no-open"])
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "before_after.csv", encoding="utf-8-sig")
    (row,) = table.to_dict("records")
    parts = ("served", "out", "in_doubt", "unknown")
    assert [row[f"people_{part}_before"] for part in parts] == [100, 50, 0, 0]
    assert [row[f"people_{part}_after"] for part in parts] == [150, 0, 0, 0]
    assert [row[f"blocks_{part}_before"] for part in parts] == [1, 1, 0, 0]
    assert [row[f"blocks_{part}_after"] for part in parts] == [2, 0, 0, 0]

    opened = _opened((tmp_path / "out" / "report.docx").read_bytes())
    grids = {tuple(cell.text for cell in each.rows[0].cells)[:2]: each for each in opened.tables}
    told = [[cell.text for cell in line.cells] for line in grids["Figure", "As it is"].rows]
    assert ["books: people served", "100", "150", ""] in told
    assert ["books: people left out", "50", "0", ""] in told
    texts = [each.text for each in opened.paragraphs]
    assert "Figure 5-2 Before and after" in texts
    assert any("50 person-services gained, no plan gains more than 50" in each for each in texts)
    bounds = [[cell.text for cell in line.cells] for line in grids["New stations", "Gain"].rows]
    assert bounds[-1][:3] == ["1", "50.0", "50.0"]


def _town(folder: Path, report: str) -> Path:
    return write_study(
        folder,
        stations=table("id,name,services", [("S1", 100, "Library", "books")]),
        blocks=table("id,people", [("B1", 300, 100), ("B2", 1900, 50)]),
        toml=f'[[services]]\nid = "books"\n[report]\n{report}\n',
    )


def test_the_command_writes_both_where_it_is_asked_for(tmp_path: Path) -> None:
    _town(tmp_path / "town", 'write = ["docx"]')
    done = CliRunner().invoke(
        cli.app, ["run", str(tmp_path / "town"), "--out", str(tmp_path / "a"), "--no-open"]
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / "a" / "report.docx").is_file()
    assert not (tmp_path / "a" / "report.xlsx").exists()
    arguments = [
        "run",
        str(tmp_path / "town"),
        "--report",
        "--out",
        str(tmp_path / "b"),
        "--no-open",
    ]
    assert CliRunner().invoke(cli.app, arguments).exit_code == 0
    assert (tmp_path / "b" / "report.docx").read_bytes() == (
        tmp_path / "a" / "report.docx"
    ).read_bytes()
    assert (tmp_path / "b" / "report.xlsx").is_file()


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"no archive", "is no Word file (.docx), or a damaged one"),
        (None, "does not exist"),
    ],
)
def test_what_is_no_template_is_told_before_the_run(
    tmp_path: Path, content: bytes | None, fact: str
) -> None:
    _town(tmp_path / "town", 'write = ["docx"]\ntemplate = "own.docx"')
    if content is not None:
        (tmp_path / "town" / "own.docx").write_bytes(content)
    done = CliRunner().invoke(
        cli.app, ["run", str(tmp_path / "town"), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert fact in " ".join(done.output.split())
    assert "report.template" in done.output
    assert not (tmp_path / "out").exists()


def test_a_bomb_is_no_template(tmp_path: Path) -> None:
    _town(tmp_path / "town", 'write = ["docx"]\ntemplate = "own.docx"')
    with zipfile.ZipFile(tmp_path / "town" / "own.docx", "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("[Content_Types].xml", "word/document.xml", "word/styles.xml"):
            file.writestr(name, b" " * (20 * 2**20))
    done = CliRunner().invoke(
        cli.app, ["run", str(tmp_path / "town"), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert "unpacks to more than 50 MB" in " ".join(done.output.split())


def test_missing_packages_are_named_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "find_spec", lambda name: None if name == "docx" else name)
    _town(tmp_path / "town", 'write = ["docx"]')
    done = CliRunner().invoke(
        cli.app, ["run", str(tmp_path / "town"), "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 1
    assert "needs python-docx; install it: pip install 'walkshed[report]'" in " ".join(
        done.output.split()
    )
    assert not (tmp_path / "out").exists()


def test_an_office_program_opens_it(written: tuple[Results, bytes], tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt install libreoffice-writer")
    (tmp_path / "report.docx").write_bytes(written[1])
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [
            office,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "report.docx",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=240,
    )
    assert (tmp_path / "report.pdf").stat().st_size > 100_000

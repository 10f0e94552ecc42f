"""The workbook that leaves the office: every number in it stands in the tables, and nothing in it is run."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from ledgers.town import write
from reports.example import example
from walkshed import cli
from walkshed.findings import Findings
from walkshed.model.labels import KIND, VERDICT
from walkshed.model.results import Results
from walkshed.model.town.places import Station
from walkshed.reports.plans.before_after import before_after_frame
from walkshed.reports.plans.planned import Planned
from walkshed.reports.workbook import forms, reported
from walkshed.reports.workbook.book import report_bytes
from walkshed.reports.workbook.forms import Form
from walkshed.reports.workbook.sheets import SHEETS
from walkshed.reports.writing.harmless import FORMULA_STARTS
from walkshed.study import read_study

DATA = Path(__file__).parents[2] / "data"
REASONS = (
    *("off_network", "no_provider", "not_entitled", "cut_off"),
    *("too_far", "not_accessible", "closed", "full"),
)


@dataclass(frozen=True)
class Written:
    """A run that was written, and its workbook."""

    results: Results
    folder: Path
    book: openpyxl.Workbook

    @property
    def language(self) -> str:
        return self.results.inputs.settings.language

    def csv(self, name: str) -> pd.DataFrame:
        path = self.folder / name
        frame = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, dtype=str)
        cells = {column: [_cell(cell) for cell in frame[column]] for column in frame}
        return pd.DataFrame({key: pd.Series(cell, dtype=object) for key, cell in cells.items()})

    def service(self, key: str) -> str:
        found = next(each for each in self.results.inputs.services if each.id == key)
        return found.called(self.language)

    def kind(self, key: str | None) -> str:
        label = KIND.get(key or "")
        return (key or "") if label is None else label.in_(self.language)

    def rows(self, form: Form, *, by_service: bool = False) -> list[list[object]]:
        """Return the rows of a table, found by its head; ``by_service`` it has a column of each."""
        heads = [head.label.in_(self.language) for head in form.heads]
        if by_service:
            heads += [each.called(self.language) for each in self.results.inputs.services]
        for sheet in self.book:
            rows = [list(row) for row in sheet.iter_rows(values_only=True)]
            for number, row in enumerate(rows):
                if row[: len(heads)] == heads:
                    found = []
                    for cells in rows[number + 1 :]:
                        if all(cell is None for cell in cells):
                            break
                        found.append(cells[: len(heads)])
                    return [] if found and found[0][0] in ("（无）", "(none)") else found
        raise AssertionError(f"no table {heads}")


@pytest.fixture(scope="module")
def monaco() -> Results:
    return read_study(DATA / "monaco").run().results


@pytest.fixture(scope="module", params=["gucheng", "window", "monaco"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    results = request.getfixturevalue(request.param)
    folder = tmp_path_factory.mktemp("runs") / request.param
    Findings(results).write(folder, report=True)
    book = openpyxl.load_workbook(folder / "report.xlsx")
    return Written(results, folder, book)


def _cell(text: str) -> object:
    """Return a cell as a sheet has it: None for nothing, numbers as such."""
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text or None


def _people(frame: pd.DataFrame, *columns: str) -> list[list[int | None]]:
    return [[None if cell is None else int(cell) for cell in row] for row in _lists(frame, columns)]


def _lists(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[list[object]]:
    return frame[list(columns)].to_numpy(dtype=object).tolist()


def test_four_numbers_are_all_people(run: Written) -> None:
    study = run.csv("areas.csv").query("level == 'study'")
    rows = run.rows(forms.BY_SERVICE)
    parts = ("people_served", "people_out", "people_in_doubt", "people_unknown")
    assert [row[2:7] for row in rows] == _people(study, "people", *parts)
    assert [row[0] for row in rows] == [run.service(key) for key in study["service"]]
    for row in rows:
        assert row[2] == sum(row[3:7])
        assert row[7] == pytest.approx(row[3] / row[2])


def test_and_all_blocks(run: Written) -> None:
    study = run.csv("areas.csv").query("level == 'study'")
    rows = run.rows(forms.BY_SERVICE_BLOCKS)
    out = _people(study, "blocks", "blocks_out", "blocks_in_doubt", "blocks_unknown")
    assert [[row[2], *row[4:7]] for row in rows] == out
    verdicts = run.csv("coverage.csv").query("verdict == 'served'").groupby("service").size()
    assert [row[3] for row in rows] == [verdicts.get(key, 0) for key in study["service"]]
    assert all(row[2] == sum(row[3:7]) for row in rows)


@pytest.mark.slow
def test_the_same_of_a_drafted_study() -> None:
    results = read_study(DATA / "helsinki").run().results
    folder = Written(results, DATA, _opened(report_bytes(results)))
    for row in folder.rows(forms.BY_SERVICE):
        assert row[2] is None or row[2] == sum(row[3:7])
    for row in folder.rows(forms.BY_SERVICE_BLOCKS):
        assert row[2] == sum(row[3:7]) == len(results.blocks)


def test_communities_sum_their_services(run: Written) -> None:
    areas, coverage = run.csv("areas.csv"), run.csv("coverage.csv")
    places = {block.id: (block.subdistrict, block.community) for block in run.results.blocks}
    sure = coverage[coverage["verdict"].isin(REASONS) & coverage["doubt"].isna()]
    doubt = coverage[coverage["verdict"].isin(REASONS) & coverage["doubt"].notna()]
    failing = Counter(places[block] for block in set(sure["block_id"]))
    checked = Counter(places[block] for block in set(doubt["block_id"]) - set(sure["block_id"]))

    listed = areas.query("level == 'community'")
    blank = {None: "未注明" if run.language == "zh" else "not stated"}
    expected = {}
    for (subdistrict, community), rows in listed.groupby(
        [listed["subdistrict"].fillna(""), listed["community"].fillna("")]
    ):
        key = (subdistrict or blank[None], community or blank[None])
        place = (subdistrict, community)
        expected[key] = [int(rows["blocks"].iloc[0]), failing[place], int(rows["people_out"].sum())]
        expected[key] += [checked[place], int(rows["people_in_doubt"].sum())]
    rows = run.rows(forms.AREAS)
    found = {(row[0], row[1]): [*row[2:5], *row[6:8]] for row in rows}
    assert {key: found[key] for key in expected} == expected

    # the last row are all of them
    study = areas.query("level == 'study'")
    every = [int(study["people_out"].sum()), int(study["people_in_doubt"].sum())]
    assert [rows[-1][4], rows[-1][7]] == every
    assert rows[-1][2:4] == [len(places), len(set(sure["block_id"]))]
    assert rows[-1][8] == 0  # everything is surveyed
    worst = study.loc[study["people_out"].astype(int).idxmax()]
    assert run.service(worst["service"]) in rows[-1][5]
    assert f"{int(worst['people_out']):,}" in rows[-1][5]

    # and the same by service
    by_service = run.rows(forms.AREAS_BY_SERVICE, by_service=True)
    assert by_service[-1][2:] == [int(cell) for cell in study["people_out"]]
    assert [sum(row[2:]) for row in by_service] == [row[4] for row in rows]


def test_kinds_are_those_of_the_table(run: Written) -> None:
    table = run.csv("left_out.csv").query("level == 'kind'")
    columns = (
        *("blocks", "blocks_out", "blocks_in_doubt", "people", "people_served"),
        *("people_out", "people_in_doubt", "people_unknown"),
    )
    rows = run.rows(forms.BY_KIND)
    assert [row[2:10] for row in rows] == _people(table, *columns)
    assert [row[0] for row in rows] == [run.kind(kind) for kind in table["name"]]


def test_stations_and_blocks_are_counted(run: Written) -> None:
    stations = run.csv("stations.csv")
    for column in ("floor", "elevator", "area_m2"):
        stations[column] = stations.get(column)
    rows = run.rows(forms.TIERS)
    assert rows[-1][1] == len(stations) == sum(row[1] for row in rows[:-1])
    tiers = stations.groupby("tier").size().to_dict()
    assert sorted(row[1] for row in rows[:-1]) == sorted(tiers.values())
    floors = pd.to_numeric(stations["floor"], errors="coerce")
    known = stations["elevator"].notna()
    areas = pd.to_numeric(stations["area_m2"], errors="coerce")
    assert rows[-1][3] == (int((floors == 1).sum()) if floors.notna().any() else None)
    assert rows[-1][4] == (int((stations["elevator"] == "yes").sum()) if known.any() else None)
    assert rows[-1][2] == (areas.sum() if areas.notna().any() else None)
    assert rows[-1][5] is None  # nobody states which of them run

    blocks = gpd.read_file(run.folder / "layers.gpkg", layer="blocks")
    rows = run.rows(forms.KINDS)
    kinds = blocks.groupby(blocks["kind"].fillna(""))
    assert [row[1:4] for row in rows[:-1]] == [
        [
            len(each),
            int(each["households"].sum()) if each["households"].notna().any() else None,
            int(each["people"].sum()),
        ]
        for _, each in kinds
    ]
    older = blocks.get("older_people")
    assert rows[-1][4] == (None if older is None else int(older.sum()))


def test_blocks_are_those_of_the_table(run: Written) -> None:
    coverage = run.csv("coverage.csv")
    names = {station.id: station.name for station in run.results.stations}
    expected = [
        [
            *(row["block_name"], run.kind(row["kind"]), run.service(row["service"])),
            *(row["people"], row["people_served"], row["share_served"]),
            names.get(row["nearest_station"]),
            *(row["nearest_m"], row["short_m"]),
            VERDICT[row["verdict"]].in_(run.language),
        ]
        for row in coverage.to_dict("records")
    ]
    rows = run.rows(forms.BLOCKS)
    found = [[*row[3:9], *row[10:14]] for row in rows]
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        assert mine == pytest.approx(theirs, abs=1e-9)
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(("form", "in_doubt"), [(forms.PROBLEMS, False), (forms.TO_CHECK, True)])
def test_every_failing_block_is_listed(run: Written, form: Form, in_doubt: bool) -> None:
    coverage = run.csv("coverage.csv")
    failing = coverage[coverage["verdict"].isin(REASONS) & (coverage["doubt"].notna() == in_doubt)]
    expected = Counter(
        (
            *(row["block_name"], run.service(row["service"]), row["nearest_m"]),
            int(row["people"]) - int(row["people_served"]),
            None if in_doubt else row["cure"],
        )
        for row in failing.to_dict("records")
    )
    rows = run.rows(form)
    found = Counter((row[3], row[5], row[8], row[10], row[11]) for row in rows)
    assert found == expected
    assert all(row[6] for row in rows)  # each with its reason

    if not in_doubt:  # people left out in blocks that pass are told above the list
        study = run.csv("areas.csv").query("level == 'study'")
        rest = int(study["people_out"].sum()) - sum(row[10] for row in rows)
        sheet = run.book[SHEETS[5].name.in_(run.language)]
        above = " ".join(str(sheet.cell(row, 1).value) for row in range(1, 5))
        assert rest >= 0
        assert f"{rest:,}" in above or rest == 0


def test_measures_are_the_cures(run: Written) -> None:
    coverage = run.csv("coverage.csv")
    cured = coverage[coverage["cure"].notna()]
    rows = run.rows(forms.MEASURES)
    assert sum(row[4] for row in rows) == len(cured)
    left = cured["people"].astype(int) - cured["people_served"].fillna(0).astype(int)
    judged = cured["people_served"].notna()
    assert sum(row[5] or 0 for row in rows) == int(left[judged].sum())
    told = {
        (row["cure"], run.service(row["service"]), row["cure_people"])
        for row in cured.to_dict("records")
    }
    assert {(row[1], row[3], row[6]) for row in rows} == told
    assert all(row[7] is None and row[8] is None for row in rows)  # the office's


def test_stations_are_those_of_the_tables(run: Written) -> None:
    stations, matrix = run.csv("stations.csv"), run.csv("matrix.csv")
    alone = matrix[matrix["offered"].astype(str) == "True"].groupby("station")["unique_gain"]
    sums = {key: int(sum(int(cell) for cell in cells)) for key, cells in alone}
    rows = run.rows(forms.STATIONS)
    expected = [
        [row["name"], row["people_in_reach"], sums.get(row["id"])]
        for row in stations.to_dict("records")
    ]
    assert [[row[1], row[14], row[15]] for row in rows] == expected
    for column, place in (("floor", 8), ("area_m2", 11)):
        told = [None] * len(rows) if column not in stations else list(stations[column])
        wanted = [None if cell is None else float(cell) for cell in told]
        assert [None if row[place] is None else float(row[place]) for row in rows] == wanted


def test_the_matrix_is_that_of_the_table(run: Written) -> None:
    matrix = run.csv("matrix.csv")
    rows = run.rows(forms.MATRIX, by_service=True)
    expected = {}
    for row in matrix.to_dict("records"):
        offered = str(row["offered"]) == "True"
        worth = int(row["unique_gain"] if offered else row["potential"])
        expected.setdefault((row["station"], row["name"]), []).append(worth)
    assert sorted((row[0], *row[3:]) for row in rows) == sorted(
        (name, *worth) for (_, name), worth in expected.items()
    )


def test_unverified_figures_are_listed(run: Written) -> None:
    rows = run.rows(forms.UNVERIFIED)
    values = [float(value) for value in run.csv("unverified.csv")["value"]]
    assert [float(row[3]) for row in rows] == values


def test_what_a_reader_sees_are_names(run: Written) -> None:
    ids = {service.id for service in run.results.inputs.services}
    ids |= {station.id for station in run.results.stations} | set(REASONS)
    ids |= {block.id for block in run.results.blocks if block.id != block.name}
    ids -= {service.called(run.language) for service in run.results.inputs.services}
    cells = {
        cell for sheet in run.book for row in sheet.iter_rows(values_only=True) for cell in row
    }
    assert not ids & {cell for cell in cells if isinstance(cell, str)}


def test_every_sheet_is_set_up(run: Written) -> None:
    language = run.language
    there = [sheet for sheet in SHEETS if sheet.when.holds(run.results)]
    assert run.book.sheetnames == [sheet.name.in_(language) for sheet in there]
    notes = {sheet.cell(2, 1).value for sheet in run.book}
    assert len(notes) == 1  # the dates, and what is illustrative and unverified
    assert ("示例" if language == "zh" else "Illustrative") in notes.pop()
    for sheet in run.book:
        assert sheet.freeze_panes is not None
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows
        assert sheet.page_setup.orientation == "landscape"
        assert (int(sheet.page_setup.paperSize), sheet.page_setup.fitToHeight) == (9, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.column_dimensions["A"].width > 5
    overview = run.book[SHEETS[1].name.in_(language)]
    assert len(overview._charts) == 1


def test_nothing_is_a_formula(run: Written) -> None:
    for sheet in run.book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not isinstance(cell.value, str) or not cell.value.startswith(FORMULA_STARTS)


def _opened(content: bytes) -> openpyxl.Workbook:
    from io import BytesIO

    return openpyxl.load_workbook(BytesIO(content))


def _named(station: Station, name: str) -> Station:
    return replace(station, name=name)


def test_names_that_would_be_run_are_not() -> None:
    results = example()
    evil = ('=HYPERLINK("http://x")', "@SUM(1)", "-2+3")
    blocks = tuple(
        replace(block, name=name, community=name)
        for block, name in zip(results.blocks, evil, strict=True)
    )
    stations = tuple(_named(station, f"＝{station.name}") for station in results.stations)
    content = report_bytes(replace(results, blocks=blocks, stations=stations))
    cells = [cell for sheet in _opened(content) for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    texts = {cell.value for cell in cells if isinstance(cell.value, str)}
    assert {f"'{name}" for name in evil} <= texts
    assert not any(text.startswith(FORMULA_STARTS) for text in texts)


def test_the_same_results_give_the_same_bytes(gucheng: Results) -> None:
    assert report_bytes(gucheng) == report_bytes(gucheng)


def test_nobody_is_invented() -> None:
    """Blocks without people have blank cells, and blocks are counted beside."""
    results = example()
    nobody = tuple(replace(block, people=None, households=None) for block in results.blocks)
    book = Written(results, Path(), _opened(report_bytes(replace(results, blocks=nobody))))
    assert all(row[2] is None for row in book.rows(forms.KINDS))
    assert {row[1] for row in book.rows(forms.ABOUT) if "(office)" in str(row[0])} == {None}


def test_what_is_not_surveyed_has_no_share() -> None:
    """Of such a service only those are known who are served: all of them would be, by a share."""
    results = example()
    book = Written(results, Path(), _opened(report_bytes(results)))
    judged, unknown = book.rows(forms.BY_SERVICE)
    assert judged[2:] == [151, 117, 0, 34, 0, pytest.approx(117 / 151)]
    assert unknown[2] == sum(unknown[3:7])
    assert unknown[6] > 0
    assert unknown[7] is None


def test_too_many_rows_name_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reported, "MOST_ROWS", 2)
    results = example()
    book = Written(results, Path(), _opened(report_bytes(results)))
    assert book.rows(forms.BLOCKS) == []
    sheet = book.book["Blocks"]
    assert sheet["A3"].value == (
        "6 rows, more than 2: not listed here; all of them stand in coverage.csv beside this"
    )


def test_what_is_proposed_comes_first(gucheng: Results) -> None:
    proposed = pd.DataFrame(
        {
            "rank": [1],
            "explanation": ["设站，提供长者助餐"],
            "place": ["青砚街旁"],
            "name": ["建议选址1"],
            "services": ["meals;culture"],
            "unit": ["person_services"],
            "gain": [812],
            "cost": [0.0],
            "not_fixed": [""],
        }
    )
    planned = Planned(proposed, before_after_frame(gucheng, gucheng), pd.DataFrame(), gucheng)
    book = Written(gucheng, Path(), _opened(report_bytes(gucheng, planned)))
    row = [
        1,
        "设站，提供长者助餐",
        "青砚街旁",
        "长者助餐、文化体验",
        812,
        "人·项",
        None,
        None,
        None,
        "增设站点",
    ]
    assert book.rows(forms.PROPOSED) == [row]
    assert book.rows(forms.MEASURES)


def test_centers_that_were_re_sited_have_a_sheet(tmp_path: Path) -> None:
    ledger = (
        "社区,中心名称,原址,原楼层,落地方式,现址,现楼层,原面积,现面积,完成时间,落地前日均接待量,落地后日均接待量\n"
        "南门,南门站,旧街1号,3,房屋租赁,长街2号,1,80,230,2026-05,20,65\n"
        "太昌,太昌中心,,2,撤并调整,,1,60,,,,\n"
    )
    results = read_study(write(tmp_path, {"relocations": ledger})).run().results
    book = Written(results, Path(), _opened(report_bytes(results)))
    first, second = book.rows(forms.RELOCATIONS)
    assert first[1:13] == [
        *("南门站", "南门", "房屋租赁", "旧街1号", 3, 80),
        *("长街2号", 1, 230, "2026-05", 20, 65),
    ]
    assert second[4:13] == [None, 2, 60, None, 1, None, None, None, None]
    assert book.rows(forms.TIERS)[-1][1:4] == [2, 230, 1]  # what the ledger says of the station


def test_the_command_writes_it_where_it_is_asked_for(tmp_path: Path) -> None:
    study = write(tmp_path / "study")

    def walkshed(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli.app, ["run", str(study), "--no-open", *words])
        return done.exit_code, done.output

    assert walkshed("--out", str(tmp_path / "a"))[0] == 0
    assert walkshed("--report", "--out", str(tmp_path / "b"))[0] == 0
    with (study / "study.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n[report]\nwrite = ["xlsx"]\n')
    assert walkshed("--out", str(tmp_path / "c"))[0] == 0
    books = [tmp_path / each / "report.xlsx" for each in "abc"]
    assert [book.exists() for book in books] == [False, True, True]
    assert books[1].read_bytes() == books[2].read_bytes()
    code, told = walkshed("--report", "--public")
    assert code == 2
    assert "people by block" in " ".join(told.split())


def test_a_run_without_it_is_as_before(gucheng: Results, tmp_path: Path) -> None:
    Findings(gucheng).write(tmp_path / "without")
    asked = replace(gucheng, inputs=replace(gucheng.inputs, report=("xlsx",)))
    Findings(asked).write(tmp_path / "asked")
    Findings(asked).write(tmp_path / "public", public=True)
    without = {path.name for path in (tmp_path / "without").iterdir()}
    assert "report.xlsx" not in without
    assert {path.name for path in (tmp_path / "asked").iterdir()} == without | {"report.xlsx"}
    assert not (tmp_path / "public" / "report.xlsx").exists()
    for name in without - {"run.json", "timing.json"}:
        mine, theirs = (tmp_path / each / name for each in ("without", "asked"))
        assert mine.read_bytes() == theirs.read_bytes(), name


def test_an_office_program_opens_it(run: Written, tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    done = subprocess.run(
        [
            *(program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
            *("--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)),
            str(run.folder / "report.xlsx"),
        ],
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    pages = (tmp_path / "report.pdf").read_bytes()
    assert pages.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) >= len(run.book.sheetnames)

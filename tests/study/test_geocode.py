"""``walkshed geocode``: from addresses to places beside the planner's file; services are stand-ins on this machine."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from geocode import misbehaving as web
from walkshed import cli
from walkshed.errors import InputFaultsError
from walkshed.geocode.datums import wgs84_to_gcj02
from walkshed.outside.service import Manners
from walkshed.study import read_study
from walkshed.verbs.geocode.geocoding import geocode

GOOD = Path(__file__).parents[1] / "inputs" / "good"
TOWN = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
  <bounds minlat="23.650" minlon="116.630" maxlat="23.670" maxlon="116.650"/>
  <node id="1" lat="23.660" lon="116.640"/>
  <node id="2" lat="23.660" lon="116.645"/>
  <node id="3" lat="23.6601" lon="116.6402"><tag k="amenity" v="community_centre"/>
    <tag k="name" v="北厅服务中心"/></node>
  <node id="4" lat="23.6602" lon="116.6422"><tag k="addr:street" v="太平路"/>
    <tag k="addr:housenumber" v="12"/></node>
  <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="太平路"/></way>
</osm>
"""
TABLE = """id,name,tier,parent,address,lon,lat,services
H1,北厅服务中心,hub,,,,,meals;clinic
C1,东中心,center,H1,太平路12号,,,meals
M1,自有坐标,micro,C1,太平路12号,116.644,23.660,clinic
M2,远处站,micro,C1,不存在的大道99号,,,clinic
M3,微阵地01（待填）,micro,C1,,,,clinic
"""
SECRET = "k3y-秘密-7f1e"
FAST = Manners(every_s=0.0, timeout_s=0.5, tries=2, pause_s=0.01)
FOUND = web.answer(
    [
        {
            "lat": "23.6605",
            "lon": "116.6431",
            "place_rank": 30,
            "category": "amenity",
            "display_name": "远处站",
        }
    ]
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "我的 study"
    shutil.copytree(GOOD, folder)
    (folder / "town.osm").write_text(TOWN, encoding="utf-8")
    (folder / "stations.csv").write_text(TABLE, encoding="utf-8")
    return folder


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "stations.geocoded.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def leave_out(folder: Path) -> None:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace('file = "stations.csv"', 'file = "stations.csv"\nunplaced = "leave_out"')
    (folder / "study.toml").write_text(text, encoding="utf-8")


def test_the_extract_alone_places_names_and_addresses(study: Path) -> None:
    before = (study / "stations.csv").read_bytes()
    (placing,) = geocode(study)
    assert (placing.total, len(placing.attempts), placing.used, placing.failure) == (5, 4, 2, None)
    found = rows(study)
    assert sorted(found) == ["C1", "H1", "M2", "M3"]  # M1 has coordinates of its own
    assert (found["H1"]["lon"], found["H1"]["lat"], found["H1"]["source"]) == (
        "116.6402",
        "23.6601",
        "osm",
    )
    assert (found["C1"]["precision"], found["C1"]["lon"]) == ("number", "116.6422")
    assert [found[key]["used"] for key in ("C1", "H1", "M2", "M3")] == ["yes", "yes", "no", "no"]
    assert found["M3"]["lon"] == ""  # not filled in: nothing was looked for
    assert (study / "stations.csv").read_bytes() == before


def test_a_run_uses_the_places_and_says_so(study: Path) -> None:
    with pytest.raises(InputFaultsError, match="walkshed geocode STUDY"):
        read_study(study)
    geocode(study)
    with pytest.raises(InputFaultsError) as caught:  # two rows have no place yet
        read_study(study)
    assert [fault.row for fault in caught.value.faults] == [5, 6]
    leave_out(study)
    inputs = read_study(study).inputs
    assert {s.id: (s.geometry.x, s.geometry.y) for s in inputs.stations} == {
        "C1": (116.6422, 23.6602),
        "H1": (116.6402, 23.6601),
        "M1": (116.644, 23.66),
    }
    assert "stations.csv: 2 of 5 rows have their place from stations.geocoded.csv" in inputs.notes
    assert (
        "stations.csv: 2 of 5 rows have no place and are left out: 远处站, 微阵地01（待填）"
        in inputs.notes
    )
    assert [station.id for station in inputs.unplaced] == ["M2", "M3"]
    assert "stations.geocoded.csv" in inputs.file_digests


def test_the_next_step_is_named(study: Path) -> None:
    told = CliRunner().invoke(cli.app, ["geocode", str(study)])
    assert told.exit_code == 0
    assert " ".join(told.output.split()).endswith(
        "next: 2 rows of stations have no place; in stations.review.xlsx fill in corrected_lon, "
        "corrected_lat, corrected_crs (unless WGS84), who and when, save it, and run walkshed geocode "
        'STUDY again or run without them: write unplaced = "leave_out" under [stations] in study.toml'
    )

    # once that is written, it is not asked for again
    toml = (study / "study.toml").read_text(encoding="utf-8")
    leave_out(study)
    told = CliRunner().invoke(cli.app, ["geocode", str(study)])
    assert told.output.rstrip().endswith("until then a run leaves them out:  walkshed run STUDY")
    (study / "study.toml").write_text(toml, encoding="utf-8")

    # one is used with a doubt
    text = (study / "stations.csv").read_text(encoding="utf-8")
    (study / "stations.csv").write_text(text.replace("太平路12号,,", "太平路12号旁,,"), "utf-8")
    told = CliRunner().invoke(cli.app, ["geocode", str(study)])
    assert (
        "next: look at the column doubts in stations.review.xlsx (1 of the places that are used for "
        "stations has some), and correct there what is wrong" in " ".join(told.output.split())
    )

    # nothing is left to do
    lines = [line for line in text.splitlines() if not line.startswith(("M2", "M3"))]
    (study / "stations.csv").write_text("\n".join(lines), "utf-8")
    told = CliRunner().invoke(cli.app, ["geocode", str(study)])
    assert told.output.rstrip().endswith("next:  walkshed check STUDY  and  walkshed run STUDY")


def test_what_an_older_version_found_on_the_map_is_looked_up_again(study: Path) -> None:
    """An older version took another street of the map for the address, without a doubt."""
    geocode(study)
    answers = study / "geocode.answers.jsonl"
    with web.server(FOUND) as script:
        options = {"providers": ["nominatim"], "urls": {"nominatim": script.url}, "manners": FAST}
        geocode(study, **options)
        kept = answers.read_text(encoding="utf-8")
        assert "太平路12号" not in kept  # only what services were asked is kept
        old = kept.replace('"source":"nominatim"', '"source":"osm"').replace("116.6431", "116.6999")
        answers.write_text(old, encoding="utf-8")
        (placing,) = geocode(study, **options)
    assert (placing.used, rows(study)["M2"]["lon"]) == (2, "")


def test_an_answer_counts_for_its_question_only(study: Path) -> None:
    geocode(study)
    text = (study / "stations.csv").read_text(encoding="utf-8")
    (study / "stations.csv").write_text(
        text.replace("C1,东中心,center,H1,太平路12号", "C1,东中心,center,H1,太平路14号"), "utf-8"
    )
    leave_out(study)
    assert {s.id for s in read_study(study).inputs.stations} == {"H1", "M1"}


def test_a_service_is_asked_for_the_rest_and_only_once(study: Path) -> None:
    with web.server(FOUND) as script:
        for _ in range(2):
            (placing,) = geocode(
                study, providers=["nominatim"], urls={"nominatim": script.url}, manners=FAST
            )
    assert placing.used == 3
    assert [asked["q"] for asked in script.asked] == ["不存在的大道99号"]
    assert rows(study)["M2"]["source"] == "nominatim"


def test_what_was_done_is_kept_when_a_service_fails(study: Path) -> None:
    with web.server(web.html(503)) as script:
        options = ["--provider", "nominatim", "--provider-url", f"nominatim={script.url}"]
        told = CliRunner().invoke(cli.app, ["geocode", str(study), *options])
    assert told.exit_code == 3, told.output
    assert "walkshed: nominatim" in told.output
    assert {key: row["used"] for key, row in rows(study).items()} == {
        "C1": "yes",
        "H1": "yes",
        "M2": "no",
        "M3": "no",
    }
    with web.server(FOUND) as script:  # and the next one goes on there
        (placing,) = geocode(
            study, providers=["nominatim"], urls={"nominatim": script.url}, manners=FAST
        )
    assert (placing.failure, placing.used, len(script.asked)) == (None, 3, 1)


def test_a_correction_is_read_back_with_who_and_when(study: Path) -> None:
    geocode(study)
    book = openpyxl.load_workbook(study / "stations.review.xlsx")
    page = book.active
    header = [cell.value for cell in page[2]]
    ids = [page.cell(row, 1).value for row in range(3, page.max_row + 1)]
    assert sorted(ids[:2]) == ["M2", "M3"]  # what has no place comes first
    lon, lat = wgs84_to_gcj02([[116.6433, 23.6604]])[0].tolist()
    correction = {
        "corrected_lon": lon,
        "corrected_lat": lat,
        "corrected_crs": "gcj02",
        "who": "王工",
        "when": "2026-11-22",
    }
    for name, value in correction.items():
        page.cell(3 + ids.index("M2"), 1 + header.index(name)).value = value
    book.save(study / "stations.review.xlsx")
    for _ in range(2):  # and kept by the run after
        (placing,) = geocode(study)
        assert placing.reviewed == 1
        found = rows(study)["M2"]
        assert (float(found["lon"]), float(found["lat"])) == pytest.approx(
            (116.6433, 23.6604), abs=2e-7
        )
        assert (found["source"], found["who"], found["when"], found["used"]) == (
            "review",
            "王工",
            "2026-11-22",
            "yes",
        )


def correct(study: Path, crs: str | None) -> list[float]:
    """Write a place as Amap tells it into the sheet, in the system of that word; return where it is read."""
    geocode(study)
    book = openpyxl.load_workbook(study / "stations.review.xlsx")
    page = book.active
    header = [cell.value for cell in page[2]]
    row = next(row for row in range(3, page.max_row + 1) if page.cell(row, 1).value == "M2")
    lon, lat = wgs84_to_gcj02([[116.6433, 23.6604]])[0].tolist()
    for name, value in (("corrected_lon", lon), ("corrected_lat", lat), ("corrected_crs", crs)):
        page.cell(row, 1 + header.index(name)).value = value
    book.save(study / "stations.review.xlsx")
    geocode(study)
    return [float(rows(study)["M2"][name]) for name in ("lon", "lat")]


@pytest.mark.parametrize("word", ["gcj02", "GCJ-02", "高德", "火星坐标", "腾讯地图"])
def test_a_correction_may_say_whose_map_it_is_of(study: Path, word: str) -> None:
    assert correct(study, word) == pytest.approx((116.6433, 23.6604), abs=2e-7)


@pytest.mark.parametrize("word", [None, "高德/百度", "西安80"])
def test_a_correction_that_does_not_tell_its_datum_is_asked_about(
    study: Path, word: str | None
) -> None:
    """Formerly an empty cell meant WGS84, and a place picked on Amap was half a kilometer off."""
    with pytest.raises(InputFaultsError, match="wgs84, gcj02"):
        correct(study, word)


def test_the_review_sheet_is_sorted_by_the_people_who_hang_on_it(study: Path) -> None:
    leave_out(study)
    geocode(study)
    page = openpyxl.load_workbook(study / "stations.review.xlsx").active
    header = [cell.value for cell in page[2]]
    told = [
        row[header.index("people_in_doubt")] for row in page.iter_rows(min_row=5, values_only=True)
    ]
    assert len(told) == 2
    assert all(isinstance(people, int) for people in told)
    assert told == sorted(told, reverse=True)


def test_without_people_the_sheet_is_sorted_by_blocks_and_says_so(study: Path) -> None:
    leave_out(study)
    blocks = (study / "blocks.geojson").read_text(encoding="utf-8")
    bare = re.sub(r'"(people|older_people|households)": \d+,? ?', "", blocks).replace(", }", "}")
    (study / "blocks.geojson").write_text(bare, encoding="utf-8")
    toml = (
        (study / "study.toml").read_text(encoding="utf-8").replace('groups = ["older_people"]', "")
    )
    (study / "study.toml").write_text(toml, encoding="utf-8")
    assert not read_study(study).inputs.blocks[0].people
    geocode(study)
    page = openpyxl.load_workbook(study / "stations.review.xlsx").active
    header = [cell.value for cell in page[2]]
    at = header.index("people_in_doubt")
    assert header[at + 1] == "blocks_in_doubt"
    told = [row[at : at + 2] for row in page.iter_rows(min_row=5, values_only=True)]
    assert [people for people, _ in told] == [None, None]
    assert all(0 <= blocks <= 2 for _, blocks in told)
    assert told[0][1] >= told[1][1]
    assert page["A1"].value.startswith("Most blocks first, for no block states its people. Fill in")
    assert "<th>blocks</th>" in (study / "stations.review.html").read_text(encoding="utf-8")


def test_no_key_is_in_any_file_or_word(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALKSHED_AMAP_KEY", SECRET)
    with web.server(
        web.answer({"status": "0", "infocode": "10001", "info": f"INVALID {SECRET}"})
    ) as script:
        options = ["--provider", "amap", "--provider-url", f"amap={script.url}"]
        told = CliRunner().invoke(cli.app, ["geocode", str(study), *options])
    assert script.asked[0]["key"] == SECRET
    assert told.exit_code == 3
    assert SECRET not in told.output
    assert all(
        SECRET.encode() not in path.read_bytes() for path in study.rglob("*") if path.is_file()
    )


def test_without_a_key_nothing_is_asked(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WALKSHED_AMAP_KEY", raising=False)
    monkeypatch.delenv("WALKSHED_KEYS", raising=False)
    told = CliRunner().invoke(cli.app, ["geocode", str(study), "--provider", "amap"])
    assert told.exit_code == 1
    assert "WALKSHED_AMAP_KEY" in told.output
    assert CliRunner().invoke(cli.app, ["geocode", str(study), "--provider", "here"]).exit_code == 2


POISON = "远处\x1b]0;pwn\x07站\u202e\ud800"


def test_no_answer_poisons_a_study(study: Path) -> None:
    """Control characters ended the review sheet, and a lone surrogate the file of answers, for good."""
    leave_out(study)
    step = web.answer({})
    poisoned = FOUND[1].replace(b"\xe8\xbf\x9c\xe5\xa4\x84\xe7\xab\x99", b"%s")
    body = poisoned.replace(b'"%s"', json.dumps(POISON).encode("ascii"))
    with web.server((200, body, step[2])) as script:
        for _ in range(2):
            (placing,) = geocode(
                study, providers=["nominatim"], urls={"nominatim": script.url}, manners=FAST
            )
    assert (placing.used, len(script.asked)) == (3, 1)
    assert rows(study)["M2"]["matched"] == "远处]0;pwn站"
    assert len(read_study(study).inputs.stations) == 4


def test_what_an_older_version_kept_heals(study: Path) -> None:
    leave_out(study)
    with web.server(FOUND) as script:
        geocode(study, providers=["nominatim"], urls={"nominatim": script.url}, manners=FAST)
        answers = study / "geocode.answers.jsonl"
        kept = answers.read_text(encoding="utf-8")
        told = json.dumps(POISON)[1:-1]
        answers.write_text(kept.replace('"matched":"远处站"', f'"matched":"{told}"'), "utf-8")
        (study / "stations.geocoded.csv").write_text(
            (study / "stations.geocoded.csv")
            .read_text(encoding="utf-8-sig")
            .replace("远处站", "远处\x1b站\u202e"),
            "utf-8-sig",
        )
        assert len(read_study(study).inputs.stations) == 4
        geocode(study, providers=["nominatim"], urls={"nominatim": script.url}, manners=FAST)
    assert len(script.asked) == 1
    assert rows(study)["M2"]["matched"] == "远处]0;pwn站"
    assert len(read_study(study).inputs.stations) == 4


def test_a_pause_that_a_server_asks_for_is_told(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("walkshed.outside.service._WORTH_TELLING_S", 0.0)
    with web.server(web.answer({}, 503, **{"Retry-After": "0"}), FOUND) as script:
        options = ["--provider", "nominatim", "--provider-url", f"nominatim={script.url}"]
        told = CliRunner().invoke(cli.app, ["geocode", str(study), *options])
    assert told.exit_code == 0, told.output
    assert "nominatim: the server failed (status 503); asked again in 0 s" in told.stderr

"""Coordinates of map services: stated, or found out, and never taken for what they are not."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import small
from small import table, write_study
from walkshed.errors import InputFaultsError
from walkshed.geocode.datums import wgs84_to_bd09, wgs84_to_gcj02
from walkshed.maps.payload.whole import build_payload
from walkshed.study import check, read_study

SHIPPED = Path(__file__).parents[2] / "data" / "gucheng"
DACHANG = "osm/shanghai_baoshan_dachang.osm.pbf"
# the invented town lies in the Pacific, where nothing is shifted; degrees from there to Chaozhou
WEST = 33.4
SHIFTS = {
    "gcj02": wgs84_to_gcj02,
    "bd09": wgs84_to_bd09,
    "wgs84": lambda lonlat: np.asarray(lonlat),
}


@pytest.fixture(scope="module")
def gucheng(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped study, moved into China."""
    folder = tmp_path_factory.mktemp("china") / "gucheng"
    shutil.copytree(SHIPPED, folder)
    for name in ("town.osm", "blocks.geojson", "gates.csv", "stations.csv", "rooms.csv"):
        text = (folder / name).read_text(encoding="utf-8-sig")
        moved = re.sub(r"\b1(?:49|50)\.\d+", lambda number: f"{float(number[0]) - WEST:.7f}", text)
        (folder / name).write_text(moved, encoding="utf-8")
    return folder


def shifted(
    gucheng: Path,
    folder: Path,
    system: str,
    *,
    stated: str,
    rows: int | None = None,
    swapped: bool = False,
) -> Path:
    """Copy the study with its stations in another system."""
    shutil.copytree(gucheng, folder, dirs_exist_ok=True)
    with (gucheng / "stations.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))[:rows]
    lonlat = SHIFTS[system]([[float(row["lon"]), float(row["lat"])] for row in table])
    for row, (lon, lat) in zip(table, lonlat.tolist(), strict=True):
        row["lon"], row["lat"] = (
            (f"{lat:.8f}", f"{lon:.8f}") if swapped else (f"{lon:.8f}", f"{lat:.8f}")
        )
        if rows is not None:
            row["parent"] = ""
    with (folder / "stations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0])
        writer.writeheader()
        writer.writerows(table)
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    toml = re.sub(r"(?m)^crs = .*\n", "", toml).replace(
        'file = "stations.csv"', f'file = "stations.csv"\ncrs = "{stated}"'
    )
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return folder


def places(folder: Path) -> dict[str, tuple[float, float]]:
    return {s.id: (s.geometry.x, s.geometry.y) for s in read_study(folder).inputs.stations}


@pytest.mark.parametrize("system", ["gcj02", "bd09"])
def test_shifted_coordinates_come_home(gucheng: Path, tmp_path: Path, system: str) -> None:
    truth, found = places(gucheng), places(shifted(gucheng, tmp_path, system, stated=system))
    assert found.keys() == truth.keys()
    for key, place in truth.items():
        assert found[key] == pytest.approx(place, abs=2e-8)  # 2 mm: the table has eight decimals


def test_unstated_a_shift_is_seen_by_nobody(gucheng: Path, tmp_path: Path) -> None:
    """Why ``crs`` matters: half a kilometer, and no fault."""
    found, truth = places(shifted(gucheng, tmp_path, "gcj02", stated="wgs84")), places(gucheng)
    assert all(
        300 < 111_195 * np.hypot(*np.subtract(found[key], truth[key])) < 900 for key in truth
    )


def test_points_that_cannot_tell_are_not_decided(gucheng: Path, tmp_path: Path) -> None:
    """Two points never can; 23 in a town whose lanes repeat every few hundred meters cannot either."""
    for rows, reason in ((2, "2 points cannot tell"), (None, "lie n")):
        folder = shifted(gucheng, tmp_path / str(rows), "bd09", stated="auto", rows=rows)
        with pytest.raises(InputFaultsError) as caught:
            read_study(folder)
        (told,) = [str(fault) for fault in caught.value.faults if "cannot be told" in str(fault)]
        assert told.startswith(
            "stations.csv, column 'lon': the coordinate system of the table cannot be told: "
        )
        assert reason in told
        assert told.endswith(
            'state it: crs = "wgs84", "gcj02", "bd09", "cgcs2000" or "EPSG:nnnn" in study.toml (stations.crs)'
        )


def dachang_places(test_data: Path, count: int) -> dict[str, tuple[float, float]]:
    """Return the first named places of Dachang that are points, in WGS84."""
    from walkshed.osm import read_extract

    places_known = read_extract(test_data / DACHANG).places
    truth: dict[str, tuple[float, float]] = {}
    for tags, geometry in zip(places_known.tags, places_known.geometry, strict=True):
        if (
            "name" in tags
            and geometry.geom_type == "Point"
            and ("amenity" in tags or "shop" in tags)
        ):
            truth.setdefault(tags["name"], (geometry.x, geometry.y))
    return dict(list(truth.items())[:count])


def dachang_study(test_data: Path, folder: Path, header: str, lines: list[str]) -> Path:
    """Write a study of Dachang whose stations say crs = "auto"."""
    (folder / "stations.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    (folder / "study.toml").write_text(
        f'[study]\nname = "大场"\n[streets]\nfile = "{(test_data / DACHANG).as_posix()}"\n'
        '[stations]\nfile = "stations.csv"\n'
        'crs = "auto"\nservices = ["meals"]\n[blocks]\nfrom = "osm"\n[[services]]\nid = "meals"\n'
        '[needs]\npreset = "illustrative-500"\n',
        encoding="utf-8",
    )
    return folder


@pytest.mark.data
@pytest.mark.parametrize(
    ("system", "swapped"), [("gcj02", False), ("bd09", True), ("wgs84", False)]
)
def test_auto_finds_out(test_data: Path, tmp_path: Path, system: str, swapped: bool) -> None:
    truth = dachang_places(test_data, 14)
    lonlat = SHIFTS[system](list(truth.values())).tolist()
    lines = [
        f"{name},{lat if swapped else lon:.8f},{lon if swapped else lat:.8f}"
        for name, (lon, lat) in zip(truth, lonlat, strict=True)
    ]
    study = read_study(dachang_study(test_data, tmp_path, "name,lon,lat", lines))
    found = {s.name: (s.geometry.x, s.geometry.y) for s in study.inputs.stations}
    for key, place in truth.items():
        assert found[key] == pytest.approx(place, abs=2e-8)
    assert any(
        "the coordinates are taken as" in note and "confidence" in note
        for note in study.inputs.notes
    )


@pytest.mark.data
@pytest.mark.parametrize("labeled", [True, False])
def test_auto_converts_each_group_of_rows_by_its_own_finding(
    test_data: Path, tmp_path: Path, labeled: bool
) -> None:
    """Three sources in one table: labeled row by row in any order, or one block below the other."""
    truth = dachang_places(test_data, 36)
    systems = ("wgs84", "bd09", "gcj02") if labeled else ("gcj02", "wgs84")
    lines = []
    for number, (name, place) in enumerate(truth.items()):
        system = systems[number % len(systems)] if labeled else systems[number // 18]
        ((lon, lat),) = np.asarray(SHIFTS[system]([place])).tolist()
        lines.append(
            f"{name},{lon:.8f},{lat:.8f},{f'来源{systems.index(system)}' if labeled else ''}"
        )
    study = read_study(dachang_study(test_data, tmp_path, "name,lon,lat,坐标来源", lines))
    found = {s.name: (s.geometry.x, s.geometry.y) for s in study.inputs.stations}
    assert found.keys() == truth.keys()
    for key, place in truth.items():
        assert found[key] == pytest.approx(place, abs=2e-8)
    told = [note for note in study.inputs.notes if "are taken as" in note]
    assert len(told) == len(systems)
    if not labeled:
        assert "stations.csv: the coordinates of rows 2–19 are taken as GCJ-02" in told[0]
        assert (
            f"stations.csv: the coordinates of rows 20–{len(truth) + 1} are taken as wgs84"
            in told[1]
        )


@pytest.mark.data
def test_a_group_that_is_not_clear_is_refused_by_its_rows(test_data: Path, tmp_path: Path) -> None:
    truth = dachang_places(test_data, 16)
    lines = []
    for number, (name, place) in enumerate(truth.items()):
        ((lon, lat),) = SHIFTS["bd09" if number < 14 else "gcj02"]([place]).tolist()
        lines.append(f"{name},{lon:.8f},{lat:.8f},{'旧台账' if number < 14 else '补录'}")
    with pytest.raises(InputFaultsError) as caught:
        read_study(dachang_study(test_data, tmp_path, "name,lon,lat,坐标来源", lines))
    (told,) = caught.value.faults
    assert "the coordinate system of rows 16–17 (补录) cannot be told: 2 points cannot tell" in str(
        told
    )
    assert "bring these rows into one, or into a table of their own" in str(told)


@pytest.mark.data
@pytest.mark.parametrize("system", ["gcj02", "bd09", "wgs84"])
def test_unstated_the_detective_decides_where_it_is_sure(
    test_data: Path, tmp_path: Path, system: str
) -> None:
    truth = dachang_places(test_data, 14)
    lonlat = SHIFTS[system](list(truth.values())).tolist()
    lines = [f"{name},{x:.8f},{y:.8f}" for name, (x, y) in zip(truth, lonlat, strict=True)]
    folder = dachang_study(test_data, tmp_path, "name,lon,lat", lines)
    unsaid(folder)
    study = read_study(folder)
    found = {s.name: (s.geometry.x, s.geometry.y) for s in study.inputs.stations}
    for key, place in truth.items():
        assert found[key] == pytest.approx(place, abs=2e-8)
    assert study.inputs.datum_doubts == ()
    told = [note for note in study.inputs.notes if "are taken as" in note]
    assert len(told) == (system != "wgs84")


def unsaid(folder: Path) -> None:
    """Take crs out of study.toml."""
    file = folder / "study.toml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if not line.startswith("crs =")), "utf-8")


def long_street(folder: Path, datum: str) -> Path:
    """Write a study of one street whose only station stands in a datum that nobody states."""
    rows = table("name,services", [("Hall", 200, "meals")])
    lonlat = SHIFTS[datum]([small.lonlat(200.0)])[0]
    moved = rows.replace(
        ",".join(map(str, small.lonlat(200.0))), f"{lonlat[0]:.9f},{lonlat[1]:.9f}"
    )
    write_study(
        folder,
        stations=moved,
        blocks=table("name,people", [("Near", 100, 10), ("Far", 900, 10)]),
        toml='[[services]]\nid = "meals"\nen = "Meals"\n',
        language="zh",
    )
    text = (folder / "study.toml").read_text("utf-8").replace('crs = "wgs84"\n', "", 1)
    (folder / "study.toml").write_text(text, "utf-8")
    return folder


def test_a_datum_that_nothing_tells_is_doubted_on_every_output(tmp_path: Path) -> None:
    study = read_study(long_street(tmp_path / "study", "wgs84"))
    (doubt,) = study.inputs.datum_doubts
    assert (doubt.key, doubt.rows, doubt.of) == ("stations.crs", 1, 1)
    assert any(
        note.startswith("stations.csv: nothing tells the datum") for note in study.inputs.notes
    )
    findings = study.run()
    sentence = "stations.csv 的坐标没有注明坐标系，根据位置也无法判断：暂按 WGS84 计算。"
    assert any(sentence in line for line in findings.summary_lines())
    findings.write(tmp_path / "out")
    assert sentence in (tmp_path / "out" / "run.json").read_text(encoding="utf-8")
    for public in (False, True):
        page = build_payload(findings.results, public=public)
        assert any(sentence in remark for remark in page["study"]["remarks"])


def test_check_asks_where_datums_give_different_verdicts(tmp_path: Path) -> None:
    with pytest.raises(InputFaultsError) as caught:
        check(long_street(tmp_path, "gcj02"))
    assert any("nothing tells the datum" in note for note in caught.value.notes)
    (asked,) = [str(fault) for fault in caught.value.faults]
    assert re.search(
        r"as GCJ-02 \(Amap, Tencent\) instead of WGS84, \d of 2 verdicts differ", asked
    )
    assert asked.endswith(
        'state it in study.toml under [stations]: crs = "wgs84", "gcj02", "bd09" or "cgcs2000"'
    )


def test_check_asks_where_the_places_of_visitors_decide(tmp_path: Path) -> None:
    folder = long_street(tmp_path, "wgs84")
    lon, lat = SHIFTS["gcj02"]([small.lonlat(200.0)])[0]
    (folder / "visitors.csv").write_text(f"name,lon,lat,visitors\nGate,{lon},{lat},9\n", "utf-8")
    text = (folder / "study.toml").read_text("utf-8")
    stated = text.replace('file = "stations.csv"\n', 'file = "stations.csv"\ncrs = "wgs84"\n')
    (folder / "study.toml").write_text(f'{stated}\n[visitors]\nfile = "visitors.csv"\n', "utf-8")
    with pytest.raises(InputFaultsError) as caught:
        check(folder)
    (asked,) = [str(fault) for fault in caught.value.faults]
    assert "1 of 3 verdicts differ; state it in study.toml under [visitors]" in asked


@pytest.mark.parametrize("stated", [False, True])
def test_outlines_that_are_wgs84_by_their_format_alone_are_noted(
    tmp_path: Path, stated: bool
) -> None:
    """GeoJSON means WGS84; that of Chinese map services is GCJ-02 all the same."""
    folder = long_street(tmp_path, "wgs84")
    corners = [(-90, -90), (990, -90), (990, 90), (-90, 90), (-90, -90)]
    outline = {
        "type": "Feature",
        "properties": {"community": "南门社区"},
        "geometry": {"type": "Polygon", "coordinates": [[small.lonlat(x, y) for x, y in corners]]},
    }
    drawn = json.dumps({"type": "FeatureCollection", "features": [outline]})
    (folder / "areas.geojson").write_text(drawn, "utf-8")
    crs = 'crs = "wgs84"\n' if stated else ""
    text = (folder / "study.toml").read_text("utf-8")
    text += f'\n[areas]\nfile = "areas.geojson"\n{crs}'
    (folder / "study.toml").write_text(text, "utf-8")
    notes = [note for note in read_study(folder).inputs.notes if "DataV" in note]
    assert [note.startswith("areas.geojson: is read as WGS84") for note in notes] == [True] * (
        not stated
    )


def test_a_stated_datum_is_never_asked_for(tmp_path: Path) -> None:
    folder = long_street(tmp_path, "gcj02")
    text = (folder / "study.toml").read_text("utf-8")
    stated = text.replace('file = "stations.csv"\n', 'file = "stations.csv"\ncrs = "gcj02"\n')
    (folder / "study.toml").write_text(stated, "utf-8")
    assert check(folder).inputs.datum_doubts == ()


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "wgs84"])
def test_gates_of_which_nobody_says_anything_lie_by_their_blocks(
    gucheng: Path, tmp_path: Path, datum: str
) -> None:
    folder = tmp_path / "study"
    shutil.copytree(gucheng, folder)
    with (folder / "gates.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    places = SHIFTS[datum]([[float(row["lon"]), float(row["lat"])] for row in rows])
    for row, (lon, lat) in zip(rows, places, strict=True):
        row |= {"lon": f"{lon:.9f}", "lat": f"{lat:.9f}"}
    with (folder / "gates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    text = (folder / "study.toml").read_text("utf-8")
    file_of_blocks = 'file = "blocks.geojson"\n'
    text = text.replace(f'{file_of_blocks}crs = "wgs84"\n', file_of_blocks)
    (folder / "study.toml").write_text(text, "utf-8")
    inputs = read_study(folder).inputs
    truth = read_study(gucheng).inputs.gates
    assert [gate.block for gate in inputs.gates] == [gate.block for gate in truth]
    for gate, true in zip(inputs.gates, truth, strict=True):
        assert (gate.lon, gate.lat) == pytest.approx((true.lon, true.lat), abs=2e-8)
    assert inputs.datum_doubts == ()

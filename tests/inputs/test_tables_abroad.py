"""Tables of a city abroad: what would be an empty map is a fault, what counts people is taken or asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from small import lonlat, table, write_study
from walkshed.errors import InputFaultsError
from walkshed.inputs import read_inputs
from walkshed.inputs.tables.table import match_column

SERVICES = '[[services]]\nid = "health"\ncomplete = true\n'
HOMES = table("id,people", [("B1", 0, 100)])


def faults_of(folder: Path, stations: str, blocks: str = HOMES, toml: str = "") -> list[str]:
    """Return the faults of a study on the street."""
    study = write_study(folder, stations=stations, blocks=blocks, toml=SERVICES + toml)
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(study)
    return [str(fault) for fault in caught.value.faults]


def test_a_table_without_services_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "a", table("id,name", [("S1", 0, "One")]))
    assert fault == (
        "stations.csv, row 1: has no column 'services', so that no station offers anything; fill "
        "in "
        "what each station offers, parted by ;  or, if all offer the same, write  services = "
        '["…"]  under [stations]'
    )
    (fault,) = faults_of(tmp_path / "b", table("id,name,services", [("S1", 0, "One", "")]))
    assert fault.startswith("stations.csv, column 'services': names no service at any station")
    (fault,) = faults_of(tmp_path / "c", table("id,name,servces", [("S1", 0, "One", "health")]))
    assert "is it column 'servces'?" in fault


def test_services_that_offers_name_are_enough(tmp_path: Path) -> None:
    study = write_study(
        tmp_path,
        stations=table("id,name", [("S1", 0, "One")]),
        blocks=HOMES,
        toml=SERVICES + '[offers]\nfile = "offers.csv"\n',
        files={"offers.csv": "station,service\nS1,health\n"},
    )
    assert read_inputs(study).offers


def test_services_that_all_stations_offer(tmp_path: Path) -> None:
    stations = table("id,name", [("S1", 0, "One"), ("S2", 90, "Two")])
    study = write_study(tmp_path / "a", stations=stations, blocks=HOMES, toml=SERVICES)
    text = (study / "study.toml").read_text(encoding="utf-8")
    every = text.replace("[stations]", '[stations]\nservices = ["health"]')
    (study / "study.toml").write_text(every, encoding="utf-8")
    assert [each.services for each in read_inputs(study).stations] == [("health",)] * 2

    wrong = text.replace("[stations]", '[stations]\nservices = ["helth"]')
    (study / "study.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputFaultsError, match=r"'helth' is not a service of study\.toml"):
        read_inputs(study)


def census(column: str, **others: tuple[object, object]) -> str:
    """Return two blocks as a census draws them, ``others`` being further columns."""
    features = []
    for row, (at, people) in enumerate(((0, 120), (200, 80))):
        ring = [lonlat(at, 10), lonlat(at + 50, 10), lonlat(at + 50, 60), lonlat(at, 10)]
        outline = {"type": "Polygon", "coordinates": [ring]}
        further = {header: values[row] for header, values in others.items()}
        properties = {"name": f"T{at}", column: people, **further}
        features.append({"type": "Feature", "properties": properties, "geometry": outline})
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.mark.parametrize(
    "column", ["POP2020", "TOTPOP", "P1_001N", "População", "Einwohner", "habitantes"]
)
def test_people_of_a_census_are_taken(tmp_path: Path, column: str) -> None:
    study = write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "One", "health")]),
        blocks=census(column),
        blocks_file="blocks.geojson",
        toml=SERVICES,
    )
    assert [block.people for block in read_inputs(study).blocks or ()] == [120, 80]


@pytest.mark.parametrize(
    "column", ["POP20", "P1_HAB", "pers_total", "V0001", "V01006", "B01001_002E"]
)
def test_a_column_that_may_be_the_people_is_asked_for(tmp_path: Path, column: str) -> None:
    stations = table("id,name,services", [("S1", 0, "One", "health")])
    study = write_study(
        tmp_path,
        stations=stations,
        blocks=census(column),
        blocks_file="blocks.geojson",
        toml=SERVICES,
    )
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(study)
    (fault,) = caught.value.faults
    assert fault.fact == f"has no column 'people'; '{column}' may be the one"

    # as the fault says: that column, or none
    toml = study / "study.toml"
    text = toml.read_text("utf-8")
    for header, people in ((column, [120, 80]), ("", [None, None])):
        toml.write_text(f'{text}\n[blocks.columns]\npeople = "{header}"\n', "utf-8")
        assert [block.people for block in read_inputs(study).blocks or ()] == people


def census_study(folder: Path, drawn: str) -> Path:
    """Return a study with the blocks of a census and one station."""
    return write_study(
        folder,
        stations=table("id,name,services", [("S1", 0, "One", "health")]),
        blocks=drawn,
        blocks_file="blocks.geojson",
        toml=SERVICES,
    )


@pytest.mark.parametrize(
    "column", ["Pop. domiciliada (hab.)", "Población censada", "Bewohner/-innen"]
)
def test_a_column_with_accents_that_may_be_the_people_is_asked_for(
    tmp_path: Path, column: str
) -> None:
    with pytest.raises(InputFaultsError, match="may be the one"):
        read_inputs(census_study(tmp_path, census(column)))


def test_of_several_columns_that_may_be_the_people_each_is_named(tmp_path: Path) -> None:
    drawn = census("V0001", V0002=(40, 31), V0003=("sim", "não"))
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(census_study(tmp_path, drawn))
    (fault,) = caught.value.faults
    assert fault.fact == "has no column 'people'; one of these may be it: 'V0001', 'V0002'"
    assert 'people = "V0001"' in str(fault.cure)


@pytest.mark.parametrize("column", ["AGREG", "Q4", "实住"])
def test_counts_without_a_known_name_are_told_and_not_taken(tmp_path: Path, column: str) -> None:
    drawn = census(column, CD_SETOR=(431490205000001, 431490205000007), state=(43, 43), n=(11, 12))
    study = census_study(tmp_path, drawn)
    inputs = read_inputs(study)
    assert [block.people for block in inputs.blocks or ()] == [None, None]
    (note,) = [str(note) for note in inputs.notes if "blocks are counted" in note]
    assert f"'{column}' holds whole numbers and is not read" in note
    assert f'people = "{column}"' in note

    # as the note says, or none
    toml = study / "study.toml"
    text = toml.read_text("utf-8")
    for header, people in ((column, [120, 80]), ("", [None, None])):
        toml.write_text(f'{text}\n[blocks.columns]\npeople = "{header}"\n', "utf-8")
        inputs = read_inputs(study)
        assert [block.people for block in inputs.blocks or ()] == people
        assert not [note for note in inputs.notes if "blocks are counted" in note]


@pytest.mark.parametrize("column", ["AREA_KM2", "FID_12", "Q4", "shape_leng", "B1"])
def test_other_numbers_are_not_taken_for_people(tmp_path: Path, column: str) -> None:
    study = write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "One", "health")]),
        blocks=census(column),
        blocks_file="blocks.geojson",
        toml=SERVICES,
    )
    inputs = read_inputs(study)
    assert [block.people for block in inputs.blocks or ()] == [None, None]
    assert [note for note in inputs.notes if f"column '{column}' is not known" in note]


def test_groups_are_no_total() -> None:
    for header in ("POP65", "pop_65plus", "older_pop"):
        assert match_column(header, "blocks") is None


@pytest.mark.parametrize(
    ("people", "found"),
    [
        (("1.234", "2.345"), None),
        (('"1,234"', '"2,345"'), [1234, 2345]),
        (("1234", "98"), [1234, 98]),
    ],
)
def test_people_on_a_real_map(
    test_data: Path, tmp_path: Path, people: tuple[str, str], found: list[float] | None
) -> None:
    extract = test_data / "osm" / "porto_alegre_2020_r5r.osm.pbf"
    rows = "".join(f"B{n},-51.2{n},-30.05,{cell}\n" for n, cell in enumerate(people))
    (tmp_path / "blocks.csv").write_text(f"id,lon,lat,people\n{rows}", encoding="utf-8")
    floors = "A,-51.20,-30.05,health,1.º andar,no\nB,-51.21,-30.05,health,R/C,sim\n"
    header = "name,lon,lat,services,floor,Wheelchair\n"
    (tmp_path / "stations.csv").write_text(header + floors, encoding="utf-8")
    (tmp_path / "needs.toml").write_text(
        '[[needs]]\nservice = "*"\nlimit = 0.5\nunit = "mi"\nsource = "drawn"\n', encoding="utf-8"
    )
    (tmp_path / "study.toml").write_text(
        f"[study]\nname = 'Porto'\n[streets]\nfile = '{extract.as_posix()}'\n"
        "[stations]\nfile = 'stations.csv'\ncrs = 'wgs84'\n[blocks]\nfile = 'blocks.csv'\n"
        f"crs = 'wgs84'\n{SERVICES}[needs]\nfile = 'needs.toml'\n",
        encoding="utf-8",
    )
    if found is None:
        with pytest.raises(InputFaultsError) as caught:
            read_inputs(tmp_path)
        assert [fault.value for fault in caught.value.faults] == [people[0]]
        return
    inputs = read_inputs(tmp_path)
    assert [block.people for block in inputs.blocks or ()] == found
    told = [(station.floor, station.step_free) for station in inputs.stations]
    assert told == [(2, False), (1, True)]
    assert any("as is the habit there (BR)" in note for note in inputs.notes)

"""Columns and files as offices of other countries have them: read as meant, or asked for."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
import shapely

from small import lonlat, table, write_study
from walkshed.errors import InputFaultsError
from walkshed.inputs import read_inputs
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.local import Local
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import Table, match_column

SERVICES = '[[services]]\nid = "health"\ncomplete = true\n'
STATIONS = table("id,name,services", [("S1", 0, "One", "health")])
HOMES = table("id,people", [("B1", 0, 100)])


def read(
    folder: Path, content: bytes, kind: str = "stations", name: str = "list.csv"
) -> tuple[Table | None, FaultBook]:
    """Return a table of some bytes, and the book of its reading."""
    path, book = folder / name, FaultBook()
    path.write_bytes(content)
    return read_table(path, kind, StudyFolder(folder, book)), book


@pytest.mark.parametrize(
    "headers",
    [
        "Branch,Street address,Lat,Long,Hours of operation,ADA accessible,Services offered",
        "Facility,Address,Y,X,Business hours,Wheelchair,Service",
        "Site name,Full Address,LATITUDE,Lng,Opening times,Step-free access,services",
        "Nome,Endereço,Latitude,Longitude,Horário de funcionamento,Acessível,Serviços",
        "unidade,logradouro,latitude dec,longitude dec,horario,acessibilidade,servicos",
        "Nombre,Dirección,Latitud,Longitud,Horario de atención,Accesible,Servicios",
        "Einrichtung,Anschrift,Breitengrad,Längengrad,Öffnungszeiten,Rollstuhlgerecht,Leistungen",
        "Nom,Adresse,Latitude,Longitude,Horaires d’ouverture,Accessibilité PMR,Prestations",
    ],
)
def test_headers_of_five_languages(headers: str) -> None:
    found = [match_column(header, "stations") for header in headers.split(",")]
    assert found == ["name", "address", "lat", "lon", "hours", "step_free", "services"]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        *(("GEOID", "id"), ("GEOID20", "id"), ("CD_SETOR", "id"), ("code_iris", "id")),
        *(("POP2020", "people"), ("TOTPOP", "people"), ("P0010001", "people")),
        *(("População total", "people"), ("Población", "people"), ("Bevölkerung", "people")),
        *(("Domicílios", "households"), ("Haushalte", "households"), ("Bairro", "community")),
        ("Bezirk", "subdistrict"),
    ],
)
def test_headers_of_a_census(header: str, name: str) -> None:
    assert match_column(header, "blocks") == name


@pytest.mark.parametrize("header", ["Sq ft", "Square feet", "Área (m²)", "Fläche", "area_sqft"])
def test_headers_that_are_a_unit(header: str) -> None:
    assert match_column(header, "stations") == "area_m2"


def test_beds_are_read_as_capacity_and_said(tmp_path: Path) -> None:
    for header in ("Beds", "Leitos", "Camas", "Betten", "Lits"):
        text = f"name,lon,lat,services,{header}\nA,1.0,2.0,health,12\n"
        found, book = read(tmp_path, text.encode())
        assert found is not None
        assert found.rows[0].cells["capacity"] == "12"
        assert any(f"'{header}' is read as capacity" in note for note in book.notes)


@pytest.mark.parametrize("header", ["type", "level", "Tipo", "Niveau"])
def test_a_word_of_many_meanings_is_a_tier_only_where_its_cells_are(
    tmp_path: Path, header: str
) -> None:
    text = f"name,{header},lon,lat,services\nA,{{}},1.0,2.0,health\nB,{{}},1.1,2.0,health\n"
    found, book = read(tmp_path, text.format("hub", "center").encode())
    assert found is not None
    assert [row.cells["tier"] for row in found.rows] == ["hub", "center"]

    for cells in (("Public", "Private"), ("1", "2")):
        found, book = read(tmp_path, text.format(*cells).encode())
        assert found is not None
        assert "tier" not in found.headers
        assert not book.faults
        (note,) = [note for note in book.notes if header in note]
        assert "holds no tier" in note
        assert f'floor = "{header}"' in note


def faults_of(study: Path) -> list[str]:
    """Return the faults of a study."""
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(study)
    return [str(fault) for fault in caught.value.faults]


def edited(study: Path, section: str, lines: str) -> Path:
    """Return the study with lines added below a section of study.toml."""
    text = (study / "study.toml").read_text(encoding="utf-8")
    changed = text.replace(section, f"{section}\n{lines}", 1)
    (study / "study.toml").write_text(changed, encoding="utf-8")
    return study


def test_study_toml_names_columns_of_every_table(tmp_path: Path) -> None:
    lon, lat = lonlat(0, 0)
    stations = f"Oddly,Where E,Where N,What\nOne,{lon},{lat},health\n"
    blocks = table("id,inh", [("B1", 0, 70)])
    study = write_study(tmp_path, stations=stations, blocks=blocks, toml=SERVICES)
    columns = 'name = "Oddly"\nlon = "where e"\nlat = "Where N"\nservices = "What"\n'
    text = (study / "study.toml").read_text(encoding="utf-8")
    more = f'\n[stations.columns]\n{columns}\n[blocks.columns]\npeople = "inh"\n'
    (study / "study.toml").write_text(text + more, encoding="utf-8")
    inputs = read_inputs(study)
    assert [(each.name, each.services) for each in inputs.stations] == [("One", ("health",))]
    assert [block.people for block in inputs.blocks or ()] == [70]


def test_columns_that_are_not_there_or_not_known_are_faults(tmp_path: Path) -> None:
    stations = table("id,name,services", [("S1", 0, "One", "health")])
    study = write_study(tmp_path, stations=stations, blocks=HOMES, toml=SERVICES)
    text = (study / "study.toml").read_text(encoding="utf-8")
    more = '\n[stations.columns]\nhours = "Times"\nbedz = "Beds"\n'
    (study / "study.toml").write_text(text + more, encoding="utf-8")
    told = faults_of(study)
    assert any(
        "has no column 'Times', which study.toml takes for 'hours'" in fault for fault in told
    )
    assert any("'bedz' is no column of stations" in fault for fault in told)


def test_a_column_may_be_switched_off(tmp_path: Path) -> None:
    stations = table("id,name,services,Beds", [("S1", 0, "One", "health", 3)])
    study = write_study(tmp_path, stations=stations, blocks=HOMES, toml=SERVICES)
    assert [each.capacity for each in read_inputs(study).stations] == [3]
    edited(study, "[stations]", 'columns = { capacity = "" }')
    assert [each.capacity for each in read_inputs(study).stations] == [None]


def test_one_table_in_several_files(tmp_path: Path) -> None:
    first = table("id,name,services", [("S1", 0, "One", "health")])
    study = write_study(tmp_path, stations=first, blocks=HOMES, toml=SERVICES)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    lon, lat = lonlat(90, 0)
    for row in (["City libraries"], [], ["Branch", "Long", "Lat", "Service"]):
        sheet.append(row)
    sheet.append(["Two", lon, lat, "health"])
    sheet.append(["Three", lon, lat, "helth"])
    book.save(study / "more.xlsx")
    text = (study / "study.toml").read_text(encoding="utf-8")
    both = text.replace('file = "stations.csv"', 'file = ["stations.csv", "more.xlsx"]')
    (study / "study.toml").write_text(both, encoding="utf-8")

    # a fault of the second file is told with its own row and header
    (fault,) = faults_of(study)
    assert fault.startswith("more.xlsx › Sheet, row 5, column 'Service': 'helth'")

    sheet["D5"] = "health"
    book.save(study / "more.xlsx")
    inputs = read_inputs(study)
    assert {each.name for each in inputs.stations} == {"One", "Two", "Three"}
    assert {"stations.csv", "more.xlsx"} <= set(inputs.file_digests)


def census(folder: Path) -> Path:
    """Return a Shapefile of two census blocks."""
    places = [(0, 120), (200, 80)]
    outlines = [
        shapely.Polygon([lonlat(x, 10), lonlat(x + 50, 10), lonlat(x + 50, 60)]) for x, _ in places
    ]
    frame = gpd.GeoDataFrame(
        {"GEOID20": ["T1", "T2"], "P1": [people for _, people in places]},
        geometry=outlines,
        crs="EPSG:4326",
    )
    frame.to_file(folder / "tracts.shp")
    return folder / "tracts.shp"


def test_a_zip_of_a_shapefile(tmp_path: Path) -> None:
    (tmp_path / "drawn").mkdir()
    census(tmp_path / "drawn")
    stations = table("id,name,services", [("S1", 0, "One", "health")])
    study = write_study(
        tmp_path / "study", stations=stations, blocks="", blocks_file="tracts.zip", toml=SERVICES
    )
    with zipfile.ZipFile(study / "tracts.zip", "w") as archive:
        for part in (tmp_path / "drawn").iterdir():
            archive.write(part, f"tl_2020/{part.name}")
        archive.writestr("readme.txt", "US Census")

    # a column that cannot be told is asked for, and taken where it is stated
    edited(study, "[blocks]", 'columns = { people = "P1" }')
    assert [block.people for block in read_inputs(study).blocks or ()] == [120, 80]
    assert [block.id for block in read_inputs(study).blocks or ()] == ["T1", "T2"]

    with zipfile.ZipFile(study / "tracts.zip", "w") as archive:
        archive.writestr("a.txt", "nothing")
    assert any("holds 0 Shapefiles, not one" in fault for fault in faults_of(study))
    (study / "tracts.zip").write_bytes(b"PK no zip")
    assert any("cannot be read as a ZIP" in fault for fault in faults_of(study))


def test_areas_without_a_unit_among_feet_are_asked(tmp_path: Path) -> None:
    text = 'name,lon,lat,services,area\nA,1.0,2.0,health,"12,500 sq ft"\nB,1.1,2.0,health,300\n'
    _, book = read(tmp_path, text.encode())
    (fault,) = map(str, book.faults)
    assert "'300' states no unit, and others of the column are in 'sq ft'" in fault


WORDS = {
    "São João, Praça da Conceição": "cp1252",
    "Straße Übergröße": "cp1252",
    "Málaga, niño y compañía": "cp1252",
    "hôpital Sainte-Thérèse, où": "cp1252",
    "UNIDADE BÁSICA SÃO JOSÉ": "cp1252",
}


@pytest.mark.parametrize("words", WORDS)
def test_western_tables_that_are_no_utf8_are_read_and_said(tmp_path: Path, words: str) -> None:
    text = f"name,lon,lat,services\n{words.replace(',', ' ')},1.0,2.0,health\n"
    found, book = read(tmp_path, text.encode("cp1252"))
    assert found is not None
    assert found.rows[0].cells["name"] == words.replace(",", " ")
    assert any("is read as Windows-1252" in note for note in book.notes)


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850", "cp437"])
@pytest.mark.parametrize("words", WORDS)
def test_other_code_pages_are_read_as_meant_or_asked(
    tmp_path: Path, words: str, encoding: str
) -> None:
    plain = words.replace(",", " ")
    text = f"name,lon,lat,services\n{plain},1.0,2.0,health\n"
    try:
        content = text.encode(encoding)
    except UnicodeEncodeError:
        pytest.skip("the code page does not hold the letters")
    found, book = read(tmp_path, content)
    assert book.faults or (found is not None and found.rows[0].cells["name"] == plain)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_read(tmp_path: Path, encoding: str) -> None:
    text = "name\tlon\tlat\tservices\nSão João\t1.0\t2.0\thealth\n"
    found, book = read(tmp_path, text.encode(encoding))
    assert found is not None
    assert found.rows[0].cells["name"] == "São João"
    assert not book.faults


def test_where_another_code_page_is_usual_it_is_asked(tmp_path: Path) -> None:
    text = "name,lon,lat,services\nPříbram,1.0,2.0,health\n"
    path, book = tmp_path / "list.csv", FaultBook()
    path.write_bytes(text.encode("cp1250"))
    folder = StudyFolder(tmp_path, book, local=Local("CZ"))
    assert read_table(path, "stations", folder) is None
    assert "is not UTF-8" in str(book.faults[0])


def test_semicolons_and_decimal_commas_of_a_latin_table(tmp_path: Path) -> None:
    text = (
        "Nome;Endereço;Latitude;Longitude;Serviços;Leitos\n"
        "UBS São José;Rua A 5, Centro;-30,008658;-51,183801;Saúde;21\n"
        "UBS Glória;Rua B 7;-30,1;-51,2;Saúde;2\n"
    )
    found, book = read(tmp_path, text.encode("cp1252"))
    assert found is not None
    assert not book.faults
    assert [float(row.cells["lat"]) for row in found.rows] == [-30.008658, -30.1]
    assert [row.cells["services"] for row in found.rows] == ["Saúde", "Saúde"]


def test_polygons_with_people_are_never_none(tmp_path: Path) -> None:
    ring = [lonlat(0, 10), lonlat(50, 10), lonlat(50, 60), lonlat(0, 10)]
    outline = {"type": "Polygon", "coordinates": [ring]}
    for column in ("POP2020", "POP20", "P1_HAB"):
        feature = {"type": "Feature", "properties": {"name": "T", column: 9}, "geometry": outline}
        drawn = json.dumps({"type": "FeatureCollection", "features": [feature]})
        study = write_study(
            tmp_path / column,
            stations=table("id,name,services", [("S1", 0, "One", "health")]),
            blocks=drawn,
            blocks_file="blocks.geojson",
            toml=SERVICES,
        )
        if column == "POP2020":
            assert [block.people for block in read_inputs(study).blocks or ()] == [9]
            continue
        with pytest.raises(InputFaultsError, match=f"'{column}' may be the one"):
            read_inputs(study)


def test_a_stated_header_of_people_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    """A slip must not fall back on another column of the file without a word."""
    study = write_study(
        tmp_path, stations=STATIONS, blocks=table("id,name", [("B1", 0, "One")]), toml=SERVICES
    )
    lon, lat = lonlat(50.0)
    (study / "points.csv").write_text(
        f"id,lon,lat,people,foo_2024\np1,{lon},{lat},100,7\n", "utf-8"
    )
    toml = study / "study.toml"
    told = (
        '\n[people]\npoints = "points.csv"\ncrs = "wgs84"\n[people.columns]\npeople = "foo_2042"\n'
    )
    toml.write_text(toml.read_text("utf-8") + told, "utf-8")
    assert any("has no column 'foo_2042'" in fault for fault in faults_of(study))
    toml.write_text(toml.read_text("utf-8").replace("foo_2042", "foo_2024"), "utf-8")
    population = read_inputs(study).population
    assert population is not None
    assert population.people.tolist() == [7.0]


def test_a_stated_header_of_a_ledger_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    study = write_study(tmp_path, stations=STATIONS, blocks=HOMES, toml=SERVICES)
    (study / "operations.csv").write_text("station,running\nS1,yes\n", "utf-8")
    toml = study / "study.toml"
    told = '\n[ledgers]\noperations = "operations.csv"\n[ledgers.columns.operations]\nrunning = "Runing"\n'
    toml.write_text(toml.read_text("utf-8") + told, "utf-8")
    assert any("has no column 'Runing'" in fault for fault in faults_of(study))


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        (
            '[people.columns]\npeopel = "inh"',
            "'peopel' is no column of people; did you mean 'people'?",
        ),
        ('[ledgers.columns.operations]\nopne = "x"', "'opne' is no column of operations"),
        (
            '[ledgers.columns.operatons]\nopen = "x"',
            "'operatons' is no ledger; did you mean 'operations'?",
        ),
        ('[siting.columns]\narea = "x"', "'area' is no column of rooms"),
    ],
)
def test_names_that_no_table_has_are_faults_wherever_they_are_stated(
    tmp_path: Path, told: str, fault: str
) -> None:
    study = write_study(tmp_path, stations=STATIONS, blocks=HOMES, toml=SERVICES)
    toml = study / "study.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\n{told}\n", "utf-8")
    assert [one for one in faults_of(study) if fault in one], faults_of(study)


def test_columns_of_rooms_are_not_those_of_outlines(tmp_path: Path) -> None:
    study = write_study(tmp_path, stations=STATIONS, blocks=HOMES, toml=SERVICES)
    ring = [lonlat(x, y) for x, y in ((900, -50), (990, -50), (990, 50), (900, -50))]
    outline = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    drawn = {"type": "FeatureCollection", "features": [outline]}
    (study / "park.geojson").write_text(json.dumps(drawn), "utf-8")
    (study / "rooms.csv").write_text(table("id,name,size", [("R1", 100, "Hall", 80)]), "utf-8")
    toml = study / "study.toml"
    told = '\n[siting]\nrooms = "rooms.csv"\ncrs = "wgs84"\nnot_in = "park.geojson"\n'
    told += '[siting.columns]\narea_m2 = "size"\n'
    toml.write_text(toml.read_text("utf-8") + told, "utf-8")
    siting = read_inputs(study).siting
    assert siting.not_in is not None
    assert [room.area_m2 for room in siting.rooms] == [80.0]


def test_offers_go_on_in_a_file_behind_a_sheet_of_the_stations_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "stations"
    places = {key: lonlat(x) for key, x in (("S1", 0.0), ("S2", 300.0))}
    rows = [("id", "name", "lon", "lat", "services")]
    rows += [(key, key, *place, "") for key, place in places.items()]
    for row in rows:
        book.active.append(row)
    offers = book.create_sheet("offers")
    for row in (("station", "service"), ("S1", "health")):
        offers.append(row)
    study = write_study(tmp_path, stations="", blocks=HOMES, toml=SERVICES)
    book.save(study / "book.xlsx")
    (study / "more.csv").write_text("station,service\nS2,health\n", "utf-8")
    toml = study / "study.toml"
    text = toml.read_text("utf-8").replace('file = "stations.csv"', 'file = "book.xlsx"')
    toml.write_text(text + '\n[offers]\nfile = ["book.xlsx", "more.csv"]\n', "utf-8")
    offered = {(offer.station, offer.service) for offer in read_inputs(study).offers}
    assert offered == {("S1", "health"), ("S2", "health")}

"""The shipped town with ten errors in it, of which every one has a reason to be looked at, and what is true."""

from __future__ import annotations

import csv
import io
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import shapely

from walkshed.model.town.survey import FactKind, SurveyItem

GUCHENG = Path(__file__).parents[2] / "data" / "gucheng"
MOMENT = '[run]\nat = "2026-11-23T10:00"\n\n[needs]'
SHUT_GATES = (232, 1627)
#: Ways in which one piece is missing, each with the nodes at both ends of it.
GAPS = {858: (2472, 2473), 774: (2132, 2133)}
#: Meters to degrees, near enough for 200 m.
EAST_200_M, SOUTH_80_M = 0.0018, -0.0007


@dataclass(frozen=True)
class Error:
    """What is wrong, and what whoever goes there writes down."""

    kind: FactKind
    subject: str
    actual: str


STATIONS = (
    Error(FactKind.FLOOR, "M13", "1层"),
    Error(FactKind.FLOOR, "M09", "首层，无障碍"),
    Error(FactKind.FLOOR, "M12", "2层，有电梯"),
    Error(FactKind.HOURS, "M10", "周一至周五 8:30-12:00，14:30-17:30"),
    Error(FactKind.HOURS, "M08", "Mo-Fr 08:30-12:00,14:30-17:30"),
    Error(FactKind.PLACE, "H1", "wgs84 149.9999152,23.7016914"),
)


def true_town(folder: Path) -> Path:
    """Write the town as it is, judged on a Monday morning."""
    shutil.copytree(GUCHENG, folder, ignore=shutil.ignore_patterns("make*.py", "__pycache__"))
    toml = folder / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("[needs]", MOMENT), encoding="utf-8")
    _edit(folder, {"M12": {"floor": "2", "elevator": "yes"}})
    return folder


def _edit(folder: Path, changes: dict[str, dict[str, str]]) -> None:
    """Change cells of the table of stations."""
    table = folder / "stations.csv"
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig"))))
    for row in rows:
        row.update(changes.get(row["id"], {}))
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def planted_town(folder: Path) -> Path:
    """Write the town with two gates shut, two lanes broken, three floors, two hours and a place wrong."""
    true_town(folder)
    osm = folder / "town.osm"
    text = osm.read_text(encoding="utf-8")
    for node in SHUT_GATES:
        text, count = re.subn(
            rf'(<node id="{node}" [^>]*><tag k="barrier" v="gate"/>)',
            r'\1<tag k="access" v="no"/>',
            text,
        )
        assert count == 1
    for way, ends in GAPS.items():
        text = _without_piece(text, way, ends)
    osm.write_text(text, encoding="utf-8")

    lon, lat = 149.9999152 + EAST_200_M, 23.7016914 + SOUTH_80_M
    _edit(
        folder,
        {
            "M13": {"floor": "3"},
            "M09": {"floor": "3"},
            "M12": {"elevator": ""},
            "M10": {"hours": "Mo-Fr 21:00-23:30"},
            "M08": {"hours": ""},
            "H1": {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"},
        },
    )
    return folder


def _without_piece(text: str, way: int, ends: tuple[int, int]) -> str:
    """Return a map in which the piece of a way between two of its nodes is not drawn."""
    found = re.search(rf'<way id="{way}">(.*?)</way>', text, re.DOTALL)
    assert found is not None
    tags = "".join(re.findall(r"<tag [^>]*/>", found[1]))
    first, last = (f'<nd ref="{node}"/>' for node in ends)
    before, after = found[1].split(f"{first}{last}")
    return text.replace(
        found[0],
        f'<way id="{way}">{before}{first}{tags}</way>\n<way id="{900_000 + way}">{last}{after}</way>',
    )


def places(folder: Path) -> dict[int, shapely.Point]:
    """Return where the nodes of the errors on the map stand."""
    text = (folder / "town.osm").read_text(encoding="utf-8")
    wanted = {*SHUT_GATES, *(node for ends in GAPS.values() for node in ends)}
    found = re.findall(r'<node id="(\d+)" lat="([\d.]+)" lon="([\d.]+)"', text)
    return {
        int(node): shapely.Point(float(lon), float(lat))
        for node, lat, lon in found
        if int(node) in wanted
    }


def error_of(item: SurveyItem, at: dict[int, shapely.Point]) -> str | None:
    """Return which planted error an item asks of, None for another fact."""
    for error in STATIONS:
        if (item.fact.kind, item.fact.subject) == (error.kind, error.subject):
            return f"{error.kind} {error.subject}"
    ends = [shapely.Point(place) for place in item.fact.places]
    if item.fact.kind is FactKind.GATE:
        near = [node for node in SHUT_GATES if at[node].distance(ends[0]) < 2e-5]
        return f"gate {near[0]}" if near else None
    if item.fact.kind is FactKind.LANE:
        for way, nodes in GAPS.items():
            if all(min(at[node].distance(end) for end in ends) < 2e-5 for node in nodes):
                return f"lane {way}"
    return None


def fill(workbook: Path, answers: dict[str, tuple[str, str]], *, who: str = "李四") -> None:
    """Fill in a survey's workbook: by number, the answer and what is so."""
    book = openpyxl.load_workbook(workbook)
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        head = {cell.value: cell.column for cell in sheet[4]}
        for row in range(5, sheet.max_row + 1):
            number = sheet.cell(row, 1).value
            if number in answers:
                answer, actual = answers[number]
                texts = {
                    "核查结果": answer,
                    "实际情况": actual,
                    "核查人": who,
                    "核查日期": "2026-11-25",
                }
                for name, text in texts.items():
                    sheet.cell(row, head[name]).value = text
    book.save(workbook)

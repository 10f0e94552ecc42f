"""[areas] of study.toml: communities by outline, for summaries and for who is admitted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from small import lonlat, table, write_study
from walkshed.findings import Findings
from walkshed.study import read_study

STATIONS = table("id,name,services,scope", [("S1", 0, "Hall", "meals", "community")])
BLOCKS = table("id,name,people", [("A", 300, "West lane", 40), ("B", 450, "East lane", 60)])
TOML = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
[areas]
file = "communities.geojson"
"""


def outline(west: float, east: float, **named: str) -> dict[str, object]:
    ring = [
        lonlat(x, y) for x, y in ((west, -50), (east, -50), (east, 50), (west, 50), (west, -50))
    ]
    return {
        "type": "Feature",
        "properties": named,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def study(folder: Path, *outlines: dict[str, object]) -> Findings:
    drawn = json.dumps({"type": "FeatureCollection", "features": list(outlines)})
    write_study(
        folder, stations=STATIONS, blocks=BLOCKS, toml=TOML, files={"communities.geojson": drawn}
    )
    return read_study(folder).run()


@pytest.mark.parametrize("columns", [("社区", "街道"), ("community", "subdistrict")])
def test_scope_and_summaries_follow_the_outlines(tmp_path: Path, columns: tuple[str, str]) -> None:
    """The hall is for its community: West lane shares it, East lane, 450 m away and within the limit, does not."""
    community, subdistrict = columns
    found = study(
        tmp_path,
        outline(-100, 400, **{community: "West", subdistrict: "Harbor"}),
        outline(400, 900, **{community: "East", subdistrict: "Harbor"}),
    )
    assert found.coverage["verdict"].tolist() == ["served", "not_entitled"]
    areas = found.areas.query("level == 'community'").set_index("community")
    assert areas["people_left_out"].to_dict() == {"East": 60, "West": 0}
    assert set(areas["subdistrict"]) == {"Harbor"}
    station = found.results.stations[0]
    assert (station.subdistrict, station.community) == ("Harbor", "West")
    assert "communities.geojson" in found.results.inputs.file_digests


def test_names_and_levels(tmp_path: Path) -> None:
    found = study(
        tmp_path,
        outline(-100, 400, 名称="西门社区", 层级="社区"),
        outline(-100, 900, 名称="太平街道", 层级="街道"),
    )
    assert [(each.subdistrict, each.community) for each in found.results.blocks] == [
        ("太平街道", "西门社区"),
        ("太平街道", ""),
    ]
    assert any(
        "no community of [areas] holds half of 1 block: East lane" in note
        for note in found.results.notes
    )

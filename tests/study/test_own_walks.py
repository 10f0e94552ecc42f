"""How unevenly walks are spread: each group on the streets that are open to its own walker."""

from __future__ import annotations

import json
from pathlib import Path

from small import lonlat, table, write_study
from walkshed.study import read_study

#: Two ways from A to the hall: 200 m up a flight of steps, or 600 m round by the ramp. B is on the
#: hall's side.
WAYS = [
    ({"name": "Steps", "highway": "steps"}, [(0, 0), (200, 0)]),
    ({"name": "Ramp"}, [(0, 0), (0, 200), (200, 200), (200, 0)]),
    ({"name": "Long Street"}, [(200, 0), (2000, 0)]),
    ({"name": "Lane"}, [(0, 0), (-600, 0)]),
]
TOML = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
[walk]
walkers = ["adult"]
"""


def test_children_in_prams_go_round_the_steps(tmp_path: Path) -> None:
    """A: 10 people of 100 m, 200 m or 600 m from the steps' foot; a pram walks 400 m more."""
    write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 200, "Hall", "meals")]),
        blocks=table(
            "id,name,people,older_people,children",
            [("A", -100, "Lane", 10, 4, 2), ("B", 300, "Court", 10, 4, 2)],
        ),
        toml=TOML,
    )
    features = [
        {
            "type": "Feature",
            "properties": named,
            "geometry": {"type": "LineString", "coordinates": [lonlat(*xy) for xy in line]},
        }
        for named, line in WAYS
    ]
    ways = json.dumps({"type": "FeatureCollection", "features": features})
    (tmp_path / "ways.geojson").write_text(ways, encoding="utf-8")
    study = (tmp_path / "study.toml").read_text(encoding="utf-8")
    study = study.replace("[blocks]\n", '[blocks]\ngroups = ["older_people", "children"]\n')
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    rows = read_study(tmp_path).run().inequality.set_index("group")
    assert rows["walker"].to_dict() == {
        "people": "adult",
        "older_people": "older",
        "children": "pram",
    }
    assert rows["worst_tenth_m"].round().to_dict() == {
        "people": 300,
        "older_people": 300,
        "children": 700,
    }
    assert rows["median_m"].round().to_dict() == {
        "people": 100,
        "older_people": 100,
        "children": 100,
    }
    # Of two people with walks a < b the Gini coefficient is (b - a) / (2 (a + b)).
    assert rows["gini"].round(3).to_dict() == {
        "people": 0.25,
        "older_people": 0.25,
        "children": 0.375,
    }

"""Rooms per 100 households by community: what nobody measured is missing, never 0."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from small import table, write_study
from walkshed.study import read_study

TOML = '[[services]]\nid = "meals"\nzh = "助餐"\nen = "Meals"\n'
NEEDS = """
[community]
area_m2_per_100_households = 30
source_zh = "绘制"
source_en = "drawn"
[[needs]]
service = "*"
limit = 500
source = "drawn"
"""
BLOCKS = table(
    "id,people,households,community",
    [("A", 0, 300, 100, "East"), ("B", 900, 300, 200, "West"), ("C", 1800, 1, 1, "Far")],
)


def test_rooms_that_nobody_measured(tmp_path: Path) -> None:
    """East: 20 m² known for 100 households, 30 asked; West: one station, unmeasured; Far: no station at all."""
    stations = table(
        "id,name,services,community,area_m2",
        [
            ("S1", 0, "Hall", "meals", "East", 20),
            ("S2", 50, "Room", "", "East", ""),
            ("S3", 900, "Office", "", "West", ""),
        ],
    )
    write_study(tmp_path / "s", stations=stations, blocks=BLOCKS, toml=TOML, needs=NEEDS)
    rows = read_study(tmp_path / "s").run().rooms.set_index("community")
    assert rows.loc["East", ["area_m2", "per_100_households_m2", "short_m2"]].tolist() == [
        20,
        20,
        10,
    ]
    assert rows.loc["East", ["stations", "stations_without_area"]].tolist() == [2, 1]
    assert rows.loc["West", ["area_m2", "per_100_households_m2", "short_m2"]].isna().all()
    assert rows.loc["West", ["stations", "stations_without_area"]].tolist() == [1, 1]
    assert rows.loc["Far", ["area_m2", "stations"]].tolist() == [0, 0]
    assert rows.loc["Far", "short_m2"] == 0.3


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("南门社区党群服务中心", True),
        ("医院路社区党群服务中心", True),  # a street is named after a hospital
        ("社区老年学校", True),
        ("日间照料中心", True),
        ("School Street community center", True),
        ("大场镇社区卫生服务中心（祁连分中心）", False),
        ("南门卫生服务站", False),
        ("第二人民医院(东院)", False),
        ("南门小学", False),
        ("南门学校", False),
        ("太平派出所", False),
        ("East Health Center", False),
        ("St Mary's school", False),
    ],
)
def test_a_health_center_in_a_community_is_none_of_its_rooms(
    tmp_path: Path, name: str, counts: bool
) -> None:
    stations = table(
        "id,name,services,community,area_m2",
        [("S1", 0, "Hall", "meals", "East", 20), ("S2", 50, name, "", "East", 800)],
    )
    write_study(tmp_path / "s", stations=stations, blocks=BLOCKS, toml=TOML, needs=NEEDS)
    row = read_study(tmp_path / "s").run().rooms.set_index("community").loc["East"]
    assert row["area_m2"] == (820 if counts else 20)
    assert (row["stations"], row["stations_not_counted"]) == ((2, 0) if counts else (1, 1))


def test_a_standard_for_communities_is_told_where_no_room_is_known(tmp_path: Path) -> None:
    stations = table("id,name,services", [("S1", 0, "Hall", "meals")])
    write_study(tmp_path / "s", stations=stations, blocks=BLOCKS, toml=TOML, needs=NEEDS)
    read_study(tmp_path / "s").run().write(tmp_path / "out")
    rows = pd.read_csv(tmp_path / "out" / "rooms.csv", encoding="utf-8-sig").set_index("community")
    # East has a hall of unknown size
    assert rows["per_100_households_m2"].isna().tolist() == [True, False, False]

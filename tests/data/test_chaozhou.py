"""data/chaozhou: what it holds, and the commands of its README against stand-ins; no live service is asked."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from geocode import misbehaving as web
from osm import test_overpass as stand_in
from osm.test_overpass import server
from walkshed.cli import app, shipped_studies
from walkshed.geocode.datums import wgs84_to_gcj02

CHAOZHOU = Path(__file__).parents[2] / "data" / "chaozhou"
SIDE = stand_in.SIDE
assert server  # a fixture


def rows() -> list[dict[str, str]]:
    with (CHAOZHOU / "stations.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_holds_the_network_as_described_and_no_coordinates() -> None:
    table = rows()
    assert not any(row["经度"] or row["纬度"] for row in table)
    linked = [row["编号"] for row in table if row["上级"] == "H1" and row["层级"] == "中心"]
    assert linked == ["445102010019", "445102010001", "445102010004", "445102010015"]
    assert [row["名称"] for row in table if row["层级"] == "微阵地"] == [
        f"微阵地{n:02}（待填）" for n in range(1, 17)
    ]
    alone = {
        row["名称"]: (row["上级"], row["楼层"], row["面积"], row["街道"])
        for row in table
        if row["层级"] == "中心"
    }
    assert alone["新南社区党群服务中心"] == ("", "1", "", "城西街道")
    assert alone["振德街社区党群服务中心"] == ("", "1", "230", "西新街道")
    assert alone["新桥社区党群服务中心"] == ("", "", "", "西新街道")
    assert sum(bool(row["楼层"]) for row in table) == 2


def test_demo_does_not_list_it() -> None:
    assert "chaozhou" not in shipped_studies()
    assert {"gucheng", "helsinki"} <= set(shipped_studies())


def town() -> list[dict[str, Any]]:
    corners = [(0.0002, 0.0002), (0.0012, 0.0002), (0.0012, 0.0012), (0.0002, 0.0012)]
    west, south = stand_in.WEST, stand_in.SOUTH
    nodes = [
        {"type": "node", "id": 20 + n, "lon": west + x, "lat": south + y}
        for n, (x, y) in enumerate(corners)
    ]
    tags = {"landuse": "residential", "name": "示例小区"}
    return [
        *ELEMENTS(),
        *nodes,
        {"type": "way", "id": 2, "nodes": [20, 21, 22, 23, 20], "tags": tags},
    ]


ELEMENTS = stand_in.elements


def test_the_commands_of_its_readme(
    server: stand_in.StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_in, "elements", town)
    monkeypatch.setenv("WALKSHED_AMAP_KEY", "k3y-7f1e")
    mine = tmp_path / "mine"
    shutil.copytree(CHAOZHOU, mine)
    toml = (mine / "study.toml").read_text(encoding="utf-8")
    urls = f'nominatim_url = "{server.url}"\noverpass_url = "{server.url}/api"'
    toml = toml.replace('place = "潮州市湘桥区"', f'place = "潮州市湘桥区"\n{urls}')
    (mine / "study.toml").write_text(toml, encoding="utf-8")
    lon, lat = wgs84_to_gcj02([[stand_in.WEST + SIDE / 2, stand_in.SOUTH + 0.00005]])[0].tolist()
    place = {
        "formatted_address": "广东省潮州市湘桥区",
        "location": f"{lon:.6f},{lat:.6f}",
        "level": "兴趣点",
    }
    amap = web.answer({"status": "1", "infocode": "10000", "geocodes": [place]})

    commands = re.findall(
        r"^walkshed (geocode|check|run) mine(.*)$",
        (CHAOZHOU / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert [verb for verb, _ in commands] == ["geocode", "check", "run"]
    with web.server(amap) as script:
        for verb, options in commands:
            more = {
                "geocode": ["--provider-url", f"amap={script.url}"],
                "run": ["--out", str(tmp_path / "out"), "--no-open"],
            }
            words = options.split("#")[0].split()
            told = CliRunner().invoke(app, [verb, str(mine), *words, *more.get(verb, [])])
            assert told.exit_code == 0, told.output
    assert len(script.asked) == 8  # hub and centers; the rows to fill in are not looked for
    assert {asked["city"] for asked in script.asked} == {"潮州市"}
    assert (tmp_path / "out" / "index.html").is_file()
    with (tmp_path / "out" / "stations.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 8
    assert (mine / "stations.csv").read_bytes() == (CHAOZHOU / "stations.csv").read_bytes()
    assert not any(
        b"k3y-7f1e" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )

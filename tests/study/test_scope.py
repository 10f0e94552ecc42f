"""服务范围 = 本社区, and no community: inferred where something tells it, else nobody is admitted; both are said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import small
from small import table, write_study
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import Study, check, read_study

SERVICES = '[[services]]\nid = "law"\nzh = "调解"\nen = "Law"\n'


def ring(west: float, east: float) -> list[list[tuple[float, float]]]:
    corners = ((west, -40), (east, -40), (east, 40), (west, 40), (west, -40))
    return [[small.lonlat(x, y) for x, y in corners]]


def outlines(name: str, level: str, *spans: tuple[str, float, float, str]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": label, level: word, "people": 10},
            "geometry": {"type": "Polygon", "coordinates": ring(west, east)},
        }
        for label, west, east, word in spans
    ]
    return json.dumps({"type": "FeatureCollection", "name": name, "features": features})


def study(
    folder: Path, communities: tuple[str, str], *, areas: str = "", language: str = "zh"
) -> Path:
    """Write two compounds and a station in the first that is open to its own community, which it does not name."""
    near, far = communities
    blocks = outlines("blocks", "community", ("甲苑", 100, 200, near), ("乙苑", 260, 360, far))
    named = '[areas]\nfile = "areas.geojson"\ncrs = "wgs84"\n' if areas else ""
    return write_study(
        folder,
        stations=table("name,服务项目,服务范围,社区", [("甲站", 150, "law", "社区", "")]),
        blocks=blocks,
        blocks_file="blocks.geojson",
        toml=named + SERVICES,
        language=language,
        files={"areas.geojson": areas} if areas else {},
    )


def verdicts(made: Study) -> dict[str, str]:
    rows = made.run().coverage
    return dict(zip(rows["block_name"], rows["verdict"], strict=True))


def _remarks(results: Results, *, public: bool) -> list[str]:
    remarks: list[str] = build_payload(results, public=public)["study"]["remarks"]
    return remarks


def test_nothing_tells_it_nobody_is_admitted_and_all_outputs_say_so(tmp_path: Path) -> None:
    folder = study(tmp_path / "study", ("", ""))
    (note,) = [note for note in check(folder).inputs.notes if "甲站" in note]
    assert "scope is community, and nothing tells which; nobody is admitted" in note
    assert "fill in column community (社区) of stations and blocks" in note
    made = read_study(folder)
    assert verdicts(made) == {"甲苑": "not_entitled", "乙苑": "not_entitled"}
    findings = made.run()
    sentence = "甲站只服务本社区（街道），但站点表未注明具体是哪个"
    assert any(sentence in line for line in findings.summary_lines())
    assert any(sentence in line for line in build_payload(findings.results)["study"]["remarks"])
    assert any("nobody is admitted; fill in" in note for note in findings.results.notes)
    assert any(sentence in line for line in _remarks(findings.results, public=True))
    english = study(tmp_path / "en", ("", ""), language="en")
    assert any(
        "they count as serving nobody" in line for line in read_study(english).run().summary_lines()
    )


def test_the_compound_in_which_it_stands_tells_it_and_is_named(tmp_path: Path) -> None:
    folder = study(tmp_path, ("南门社区", "开元社区"))
    assert not any("甲站" in note for note in check(folder).inputs.notes)
    made = read_study(folder)
    assert verdicts(made) == {"甲苑": "served", "乙苑": "not_entitled"}
    told = "甲站: scope means the community 南门社区, by the compound in which it stands: its table names none"
    assert told in made.run().results.notes


@pytest.mark.parametrize("east", [220, 400])
def test_an_outline_tells_it_and_is_named(tmp_path: Path, east: float) -> None:
    areas = outlines("areas", "社区", ("南门社区", 80, east, "南门社区"))
    folder = study(tmp_path, ("", ""), areas=areas)
    assert not any("甲站" in note for note in check(folder).inputs.notes)
    made = read_study(folder)
    second = "served" if east == 400 else "not_entitled"
    assert verdicts(made) == {"甲苑": "served", "乙苑": second}
    told = "甲站: scope means the community 南门社区, by the outline under [areas]: its table names none"
    assert told in made.run().results.notes


def test_another_station_open_to_all_gives_its_own_verdict_and_the_note_stands(
    tmp_path: Path,
) -> None:
    """Of two stations the one that admits everybody is too far; of the one alone nobody is entitled."""
    folder = study(tmp_path, ("", ""))
    stations = [("甲站", 150, "law", "社区", ""), ("远站", 3900, "law", "所有人", "")]
    text = table("name,服务项目,服务范围,社区", stations)
    (folder / "stations.csv").write_text(text, encoding="utf-8")
    assert any("甲站: scope is community" in note for note in check(folder).inputs.notes)
    made = read_study(folder)
    assert set(verdicts(made).values()) == {"too_far"}
    results = made.run().results
    for public in (False, True):
        assert any("甲站只服务本社区" in line for line in _remarks(results, public=public))


def test_a_community_spelled_otherwise_is_told_with_its_likeliest_name(tmp_path: Path) -> None:
    folder = study(tmp_path, ("南门社区", "开元社区"))
    text = table("name,服务项目,服务范围,社区", [("甲站", 150, "law", "社区", "南门")])
    (folder / "stations.csv").write_text(text, encoding="utf-8")
    notes = check(folder).inputs.notes
    told = "甲站: scope is the community '南门', and no block names that; nobody is admitted there"
    assert f"{told}: did you mean '南门社区'?" in notes
    assert any("南门社区 / 南门: each counts as a community of its own" in note for note in notes)
    made = read_study(folder)
    assert set(verdicts(made).values()) == {"not_entitled"}
    sentence = "甲站（南门）只服务所填的社区（街道），但没有小区属于该社区（街道）"
    assert any(sentence in line for line in made.run().summary_lines())


@pytest.mark.parametrize(("x", "told"), [(150, False), (459, False), (800, True)])
def test_a_station_of_a_compound_stands_in_one_or_beside_it(
    tmp_path: Path, x: float, told: bool
) -> None:
    folder = study(tmp_path, ("南门社区", "开元社区"))
    text = table("name,服务项目,服务范围", [("甲站", x, "law", "本小区")])
    (folder / "stations.csv").write_text(text, encoding="utf-8")
    notes = check(folder).inputs.notes
    assert any("no compound lies within 100 m" in note for note in notes) is told
    lines = read_study(folder).run().summary_lines()
    assert any("甲站只服务所在小区的居民，但附近没有小区" in line for line in lines) is told

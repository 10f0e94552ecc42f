"""Visitors: counted apart from residents, as the study's walkers, and admitted only where everybody is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from small import table, write_study
from walkshed.findings import Findings
from walkshed.reports.tables.visitors import visitors_headline
from walkshed.study import read_study
from walkshed.words.answers.summary import visitors_text

#: The hall is upstairs; the compound's room stands beside the places of visitors, and is the
#: compound's alone.
STATIONS = table(
    "id,name,services,floor,elevator,scope",
    [("S1", 0, "Hall", "meals", 3, "no", "all"), ("S2", 300, "Room", "law", 1, "no", "compound")],
)
BLOCKS = table("id,name,people,kind", [("A", 310, "Lane", 40, "old")])
VISITORS = table(
    "name,visitors", [("Old gate", 200, 900), ("Far pier", 450, 60), ("Island", 3900, 40)]
)
TOML = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
[[services]]
id = "law"
zh = "法律"
en = "Law"
[walk]
walkers = [{walkers}]
[visitors]
file = "visitors.csv"
crs = "wgs84"
"""
NEEDS = """
[[needs]]
service = "*"
limit = 500
source = "drawn"
[[needs]]
kind = "visitor"
service = "meals"
limit = 250
source = "drawn"
"""


def study(
    folder: Path,
    walkers: str,
    *,
    needs: str = NEEDS,
    visitors: str = VISITORS,
    language: str = "en",
) -> Findings:
    write_study(
        folder,
        stations=STATIONS,
        blocks=BLOCKS,
        toml=TOML.format(walkers=walkers),
        needs=needs,
        language=language,
        files={"visitors.csv": visitors},
    )
    return read_study(folder).run()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return study(tmp_path_factory.mktemp("visitors"), '"adult", "wheelchair"')


def test_each_walker_of_the_study_counts_the_same_visitors(found: Findings) -> None:
    """200 m is within the visitors' own 250 m, 450 m is not; nobody in a wheelchair climbs to the third floor."""
    rows = found.visitors.query("service == 'meals'").set_index(["walker", "place_name"])
    assert rows["verdict"].to_dict() == {
        ("adult", "Old gate"): "served",
        ("adult", "Far pier"): "too_far",
        ("adult", "Island"): "too_far",
        ("wheelchair", "Old gate"): "not_accessible",
        ("wheelchair", "Far pier"): "too_far",
        ("wheelchair", "Island"): "too_far",
    }
    assert visitors_headline(found.results)["meals"] == {"visitors": 1000, "served": 900}
    assert visitors_headline(found.results, "wheelchair")["meals"] == {
        "visitors": 1000,
        "served": 0,
    }
    assert set(rows["limit"]) == {250.0}


def test_visitors_are_residents_of_nowhere(found: Findings) -> None:
    """The room of the compound is 100 m from the old gate, and serves the residents of the lane alone."""
    law = found.visitors.query("service == 'law' and walker == 'adult'").set_index("place_name")
    assert law["verdict"].to_dict() == dict.fromkeys(
        ("Old gate", "Far pier", "Island"), "not_entitled"
    )
    assert found.coverage.set_index("service").loc["law", "verdict"] == "served"


def test_visitors_are_never_added_to_residents(found: Findings, tmp_path: Path) -> None:
    assert found.coverage.groupby("service")["people"].sum().to_dict() == {"meals": 40, "law": 40}
    found.write(tmp_path / "out")
    facts = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert facts["headline"]["people"] == 40
    assert facts["visitors"]["meals"] == {"visitors": 1000, "served": 900}
    assert facts["visitors_by_walker"]["wheelchair"]["meals"]["served"] == 0


def test_the_headline_of_visitors(found: Findings, tmp_path: Path) -> None:
    told = "Visitors (apart from residents): 1,000 at 3 places, walker: Adult; Meals for 900, Law for 0"
    assert told in found.summary_lines()
    zh = study(tmp_path / "zh", '"wheelchair"', language="zh")
    assert (
        "访客（另计，不计入居民）3处1,000人，按乘轮椅步行：助餐0人达标，法律0人达标"
        in zh.summary_lines()
    )
    none = study(
        tmp_path / "none",
        '"adult"',
        needs=NEEDS.replace('service = "*"', 'service = "meals"\nkind = "old"'),
    )
    assert none.summary_lines()[-1].endswith("walker: Adult; Meals for 900")


@pytest.mark.parametrize(("places", "served"), [(3.7, 900), (1.8, 450)])
def test_room_is_judged_among_visitors_alone(tmp_path: Path, places: float, served: int) -> None:
    """900 visitors ask 3.6 places at 4 per 1,000; with the 40 residents it would be 3.76. Residents ask 0.16."""
    needs = NEEDS.replace("limit = 500", "limit = 500\nplaces_per_1000 = 4")
    needs = needs.replace("limit = 250", "limit = 250\nplaces_per_1000 = 4")
    toml = TOML.format(walkers='"adult"') + '[offers]\nfile = "offers.csv"\n'
    offers = f"station,service,capacity\nS1,meals,{places}\n"
    for language in ("en", "zh"):
        write_study(
            tmp_path / language,
            stations=STATIONS,
            blocks=BLOCKS,
            toml=toml,
            needs=needs,
            language=language,
            files={"visitors.csv": VISITORS, "offers.csv": offers},
        )
        found = read_study(tmp_path / language).run()
        assert visitors_headline(found.results)["meals"]["served"] == served
        assert found.coverage.set_index("service").loc["meals", "people_served"] == 40
        told = next(line for line in found.summary_lines() if line.startswith(("Visitors", "访客")))
        assert told.endswith(
            "; room is judged among visitors alone, not shared with residents"
            if language == "en"
            else "；接待能力只在访客之间核算，不与居民合计"
        )


def test_without_visitors_nothing_is_said(tmp_path: Path) -> None:
    toml = TOML.split("[visitors]", maxsplit=1)[0].format(walkers='"adult"')
    write_study(tmp_path, stations=STATIONS, blocks=BLOCKS, toml=toml)
    lone = read_study(tmp_path).run()
    assert not any("isitors" in line for line in lone.summary_lines())
    assert len(lone.visitors) == 0
    assert visitors_headline(lone.results) == {}


def test_a_service_that_is_not_surveyed_is_not_told_as_serving_no_visitor() -> None:
    def line(served: int, *, surveyed: bool) -> str:
        told = [("助餐", served, surveyed)]
        return visitors_text(told, "zh", total=300, places=1, walker="成年人", room_counts=False)

    assert line(0, surveyed=True).endswith("助餐0人达标")
    assert line(0, surveyed=False).endswith("助餐待摸底")
    assert line(20, surveyed=False).endswith("助餐20人达标、其余待摸底")
